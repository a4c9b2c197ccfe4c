/// Reads documents of strangers: UTF-8, elements, attributes, text, comments and CDATA. Document types are refused,
/// and with them all entities but XML's own five: nothing that is read can grow.
///
/// - Source: W3C, "Extensible Markup Language 1.0", fifth edition, the part of it that documents of data use.
package struct XMLReader {
    private let bytes: [UInt8]
    private let limits: XMLLimits
    private var index = 0
    private var elementCount = 0

    /// The outermost element of a document.
    ///
    /// - Throws: `XMLError` for anything that is not a whole document within the limits.
    package static func parse(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) throws(XMLError) -> XMLElement {
        guard bytes.count <= limits.byteCount, String(validating: bytes, as: UTF8.self) != nil else { throw XMLError() }
        var reader = XMLReader(bytes: bytes, limits: limits)
        return try reader.document()
    }

    private init(bytes: [UInt8], limits: XMLLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    private mutating func document() throws(XMLError) -> XMLElement {
        _ = skip("\u{FEFF}")
        if skip("<?xml") {
            guard skip(past: "?>") else { throw XMLError() }
        }
        try skipMiscellany()
        guard let root = try element() else { throw XMLError() }
        try skipMiscellany()
        guard index == bytes.count else { throw XMLError() }
        return root
    }

    /// One element with all that is in it. Without recursion: depth costs no stack.
    private mutating func element() throws(XMLError) -> XMLElement? {
        var open: [(element: XMLElement, qualifiedName: String)] = []
        repeat {
            if skip("<!--") {
                guard skip(past: "-->") else { throw XMLError() }
            } else if skip("<![CDATA[") {
                guard !open.isEmpty, let text = text(until: "]]>") else { throw XMLError() }
                open[open.count - 1].element.append(text: text)
            } else if skip("</") {
                guard let last = open.popLast(), try name() == last.qualifiedName else { throw XMLError() }
                skipWhiteSpace()
                guard skip(">") else { throw XMLError() }
                guard !open.isEmpty else { return last.element }
                open[open.count - 1].element.append(last.element)
            } else if skip("<") {
                let (element, qualifiedName, isEmpty) = try startTag()
                if !isEmpty {
                    guard open.count < limits.depth else { throw XMLError() }
                    open.append((element, qualifiedName))
                } else if open.isEmpty {
                    return element
                } else {
                    open[open.count - 1].element.append(element)
                }
            } else {
                guard !open.isEmpty else { throw XMLError() }
                open[open.count - 1].element.append(text: try characters())
            }
        } while index < bytes.count
        throw XMLError()
    }

    /// What stands after `<`, up to and with `>`.
    private mutating func startTag() throws(XMLError) -> (XMLElement, qualifiedName: String, isEmpty: Bool) {
        elementCount += 1
        guard elementCount <= limits.elementCount else { throw XMLError() }
        let qualifiedName = try name()
        var attributes: [String: String] = [:]
        while true {
            let hasSpace = skipWhiteSpace()
            let isEmpty = skip("/>")
            if isEmpty || skip(">") {
                let local = qualifiedName.split(separator: ":").last.map(String.init) ?? qualifiedName
                return (XMLElement(name: local, attributes: attributes), qualifiedName, isEmpty)
            }
            guard hasSpace, attributes.count < limits.attributeCount else { throw XMLError() }
            let (name, value) = try attribute()
            guard attributes.updateValue(value, forKey: name) == nil else { throw XMLError() }
        }
    }

    private mutating func attribute() throws(XMLError) -> (String, String) {
        let name = try name()
        skipWhiteSpace()
        guard skip("=") else { throw XMLError() }
        skipWhiteSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") else {
            throw XMLError()
        }
        let quote = bytes[index]
        index += 1
        let value = try unescaped(until: quote)
        index += 1
        return (name, value)
    }

    /// Text up to the next tag.
    private mutating func characters() throws(XMLError) -> String { try unescaped(until: UInt8(ascii: "<")) }

    /// Text up to a byte, which must come, with references replaced by what they stand for.
    private mutating func unescaped(until end: UInt8) throws(XMLError) -> String {
        var text: [UInt8] = []
        while index < bytes.count, bytes[index] != end {
            switch bytes[index] {
            case UInt8(ascii: "<"): throw XMLError()
            case UInt8(ascii: "&"): text += try reference().utf8
            case 0..<0x20 where ![0x09, 0x0A, 0x0D].contains(bytes[index]): throw XMLError()
            default:
                text.append(bytes[index])
                index += 1
            }
        }
        guard index < bytes.count else { throw XMLError() }
        return String(decoding: text, as: UTF8.self)
    }

    /// What a reference stands for: one of XML's own five names, or the number of a character.
    private mutating func reference() throws(XMLError) -> String {
        let start = index + 1
        // The longest is `&#x10FFFF;`.
        guard let end = bytes[start..<min(start + 10, bytes.count)].firstIndex(of: UInt8(ascii: ";")) else {
            throw XMLError()
        }
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        index = end + 1
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        guard name.hasPrefix("#") else { throw XMLError() }
        let isHexadecimal = name.hasPrefix("#x")
        let number = UInt32(name.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10)
        guard let number, number >= 0x20 || [0x09, 0x0A, 0x0D].contains(number), let scalar = UnicodeScalar(number)
        else { throw XMLError() }
        return String(scalar)
    }

    private mutating func name() throws(XMLError) -> String {
        let start = index
        while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
        guard (1...128).contains(index - start) else { throw XMLError() }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }

    /// White space and comments around the outermost element. A document type ends here.
    private mutating func skipMiscellany() throws(XMLError) {
        skipWhiteSpace()
        while skip("<!--") {
            guard skip(past: "-->") else { throw XMLError() }
            skipWhiteSpace()
        }
    }

    @discardableResult
    private mutating func skipWhiteSpace() -> Bool {
        let start = index
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
        return index > start
    }

    private mutating func skip(_ text: String) -> Bool {
        guard bytes[index...].starts(with: text.utf8) else { return false }
        index += text.utf8.count
        return true
    }

    private mutating func skip(past text: String) -> Bool { self.text(until: text) != nil }

    /// What stands before a text, which is skipped with it; nil when it does not come.
    private mutating func text(until end: String) -> String? {
        let start = index
        while index < bytes.count {
            if skip(end) { return String(decoding: bytes[start..<(index - end.utf8.count)], as: UTF8.self) }
            index += 1
        }
        return nil
    }
}
