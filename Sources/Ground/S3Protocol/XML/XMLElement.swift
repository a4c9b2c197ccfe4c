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

    /// The element of a name; nil when there is none.
    ///
    /// - Throws: `MalformedXML` when there are several.
    package func one(_ name: String) throws(S3Error) -> XMLElement? {
        var found: XMLElement?
        for child in children where child.name == name {
            guard found == nil else { throw S3Error(.malformedXML) }
            found = child
        }
        return found
    }

    /// The element of a name.
    ///
    /// - Throws: `MalformedXML` when there is none, or several.
    package func required(_ name: String) throws(S3Error) -> XMLElement {
        guard let element = try one(name) else { throw S3Error(.malformedXML) }
        return element
    }

    /// The text of the element of a name; nil when there is none.
    ///
    /// - Throws: `MalformedXML` when there are several.
    package func text(_ name: String) throws(S3Error) -> String? { try one(name)?.text }

    /// `true` or `false` in the element of a name; nil when there is none.
    ///
    /// - Throws: `MalformedXML` for anything else.
    package func flag(_ name: String) throws(S3Error) -> Bool? {
        guard let value = try one(name)?.value else { return nil }
        switch value.lowercased() {
        case "true": return true
        case "false": return false
        default: throw S3Error(.malformedXML)
        }
    }

    /// A whole number in the element of a name; nil when there is none.
    ///
    /// - Throws: `MalformedXML` for anything else.
    package func number(_ name: String) throws(S3Error) -> Int64? {
        guard let value = try one(name)?.value else { return nil }
        guard let number = Int64(value) else { throw S3Error(.malformedXML) }
        return number
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return rest
    }
}
