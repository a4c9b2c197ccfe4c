/// Writes a document of S3: element by element, escaped.
package struct XMLWriter: Sendable {
    /// The namespace of S3's documents.
    package static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
    /// The namespace that says what kind of grantee a grantee is.
    package static let instanceNamespace = "http://www.w3.org/2001/XMLSchema-instance"

    /// What was written so far.
    package private(set) var bytes: [UInt8] = Array(#"<?xml version="1.0" encoding="UTF-8"?>"#.utf8)

    /// A document that has nothing but its declaration.
    package init() { bytes.append(UInt8(ascii: "\n")) }

    /// A document whose outermost element is in S3's namespace.
    package static func document(_ name: String, _ content: (inout XMLWriter) -> Void) -> [UInt8] {
        var writer = XMLWriter()
        writer.element(name, ["xmlns": namespace], content)
        return writer.bytes
    }

    /// An element with others in it. The name is the program's own, not a peer's.
    package mutating func element(
        _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: (inout XMLWriter) -> Void
    ) {
        bytes += "<\(name)".utf8
        for (name, value) in attributes {
            bytes += " \(name)=\"".utf8
            append(escaped: value)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: ">"))
        content(&self)
        bytes += "</\(name)>".utf8
    }

    /// An element with a text in it.
    package mutating func text(_ name: String, _ text: String) {
        element(name) { $0.append(escaped: text) }
    }

    /// An element with attributes and a text in it.
    package mutating func text(_ name: String, _ attributes: KeyValuePairs<String, String>, _ text: String) {
        element(name, attributes) { $0.append(escaped: text) }
    }

    /// An element with a text in it, where there is one.
    package mutating func text(_ name: String, _ text: String?) {
        if let text { self.text(name, text) }
    }

    /// An element with a number in it.
    package mutating func number(_ name: String, _ number: some BinaryInteger) { text(name, String(number)) }

    /// An element with `true` or `false` in it.
    package mutating func flag(_ name: String, _ flag: Bool) { text(name, flag ? "true" : "false") }

    /// Text as it may stand in an element or an attribute. Characters that XML cannot have become U+FFFD.
    private mutating func append(escaped text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": bytes += "&amp;".utf8
            case "<": bytes += "&lt;".utf8
            case ">": bytes += "&gt;".utf8
            case "\"": bytes += "&quot;".utf8
            case "\r": bytes += "&#13;".utf8
            case "\n", "\t": bytes += "&#\(scalar.value);".utf8
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
                bytes += "\u{FFFD}".utf8
            default: bytes += UTF8.encode(scalar) ?? .init()
            }
        }
    }
}
