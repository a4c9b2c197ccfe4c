/// An element of a document that was read: its name without the namespace's prefix, its text and the elements in it.
package struct XMLElement: Sendable, Hashable {
    package let name: String
    /// By name, prefixes included: `xsi:type`.
    package let attributes: [String: String]
    package fileprivate(set) var children: [XMLElement] = []
    /// All text directly in it, joined.
    package fileprivate(set) var text = ""

    init(name: String, attributes: [String: String]) {
        self.name = name
        self.attributes = attributes
    }

    mutating func append(_ child: XMLElement) { children.append(child) }
    mutating func append(text more: String) { text += more }

    /// The text without white space around it.
    package var value: String { String(text.drop(while: \.isWhitespace).trimmingSuffix(while: \.isWhitespace)) }

    /// The elements of a name, in order.
    package func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

extension Substring {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return rest
    }
}
