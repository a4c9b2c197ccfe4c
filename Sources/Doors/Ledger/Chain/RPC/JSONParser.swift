extension JSONValue {
    /// Reads one value that fills the bytes. A name that stands twice in an object, lists too deep and texts that are no
    /// UTF-8 are refused.
    ///
    /// - Throws: `LedgerError.malformed`.
    /// - Source: RFC 8259.
    package init(parsing bytes: [UInt8]) throws(LedgerError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }
}

/// Reads JSON; knows where it stands.
private struct JSONParser {
    let bytes: [UInt8]
    private var place = 0
    private static let maximumDepth = 32

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(LedgerError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard place == bytes.count else { throw .malformed("JSON: bytes left over") }
        return value
    }

    private mutating func value(depth: Int) throws(LedgerError) -> JSONValue {
        guard depth < Self.maximumDepth else { throw .malformed("JSON: too deep") }
        skipSpace()
        guard place < bytes.count else { throw .malformed("JSON: it ends early") }
        switch bytes[place] {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try list(depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(_ depth: Int) throws(LedgerError) -> JSONValue {
        place += 1
        var fields: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return .object(fields) }
        repeat {
            skipSpace()
            let name = try text()
            guard take(UInt8(ascii: ":")) else { throw .malformed("JSON: a colon is expected") }
            guard fields.updateValue(try value(depth: depth + 1), forKey: name) == nil else {
                throw .malformed("JSON: a name stands twice")
            }
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw .malformed("JSON: an object does not end") }
        return .object(fields)
    }

    private mutating func list(_ depth: Int) throws(LedgerError) -> JSONValue {
        place += 1
        var items: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .list(items) }
        repeat { items.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw .malformed("JSON: a list does not end") }
        return .list(items)
    }

    private mutating func text() throws(LedgerError) -> String {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { throw .malformed("JSON: a text is expected") }
        place += 1
        var content: [UInt8] = []
        var start = place
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                content += bytes[start..<place]
                place += 1
                guard let text = String(validating: content, as: UTF8.self) else { throw .malformed("JSON: no UTF-8") }
                return text
            case UInt8(ascii: "\\"):
                content += bytes[start..<place]
                place += 1
                content += try escaped()
                start = place
            case ..<0x20: throw .malformed("JSON: a control character")
            default: place += 1
            }
        }
        throw .malformed("JSON: a text does not end")
    }

    private mutating func escaped() throws(LedgerError) -> [UInt8] {
        guard place < bytes.count else { throw .malformed("JSON: it ends early") }
        let character = bytes[place]
        place += 1
        switch character {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [character]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            var units = [try unit()]
            if UTF16.isLeadSurrogate(units[0]) {
                guard place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u")
                else { throw .malformed("JSON: half a character") }
                place += 2
                units.append(try unit())
            }
            guard let text = String(validating: units, as: UTF16.self) else { throw .malformed("JSON: half a character") }
            return Array(text.utf8)
        default: throw .malformed("JSON: an unknown escape")
        }
    }

    private mutating func unit() throws(LedgerError) -> UInt16 {
        guard place + 4 <= bytes.count, let digits = String(validating: bytes[place..<place + 4], as: UTF8.self),
            digits.allSatisfy(\.isHexDigit), let unit = UInt16(digits, radix: 16)
        else { throw .malformed("JSON: four hexadecimal digits are expected") }
        place += 4
        return unit
    }

    private mutating func number() throws(LedgerError) -> JSONValue {
        let start = place
        let signs = Array("+-.eE".utf8)
        while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) || signs.contains(bytes[place]) {
            place += 1
        }
        let digits = String(decoding: bytes[start..<place], as: UTF8.self)
        // The double is only asked whether it is one: the text is kept.
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "."), Double(digits) != nil
        else { throw .malformed("JSON: a number is expected") }
        return .number(digits)
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(LedgerError) -> JSONValue {
        guard bytes[place...].starts(with: word.utf8) else { throw .malformed("JSON: an unknown word") }
        place += word.utf8.count
        return value
    }

    /// Whether the next character that is no space is this one; it is taken then.
    private mutating func take(_ character: UInt8) -> Bool {
        skipSpace()
        guard place < bytes.count, bytes[place] == character else { return false }
        place += 1
        return true
    }

    private mutating func skipSpace() {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    }
}
