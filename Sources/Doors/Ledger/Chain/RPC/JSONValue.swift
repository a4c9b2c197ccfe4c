package import Ethereum
package import StorageModel

/// A value of JSON as an endpoint of a chain sends it. Numbers stay text: nothing is rounded.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The digits as they stand.
    case number(String)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// A field of an object; nil when there is none, or no object.
    package subscript(name: String) -> JSONValue? {
        if case .object(let fields) = self { fields[name] } else { nil }
    }

    /// The value of a field that has to be there.
    ///
    /// - Throws: `LedgerError.malformed`.
    package func field(_ name: String) throws(LedgerError) -> JSONValue {
        guard let value = self[name], value != .null else { throw .malformed("answer: no \(name)") }
        return value
    }

    /// The items of a list.
    ///
    /// - Throws: `LedgerError.malformed`.
    package func items() throws(LedgerError) -> [JSONValue] {
        guard case .list(let items) = self else { throw .malformed("answer: a list is expected") }
        return items
    }

    /// A number as chains write it: `0x` and digits without leading zeros.
    ///
    /// - Throws: `LedgerError.malformed`.
    /// - Source: Ethereum JSON-RPC specification, "Hex encoding: quantities".
    package func quantity() throws(LedgerError) -> UInt256 {
        guard case .text(let text) = self, text.hasPrefix("0x"), text == "0x0" || !text.hasPrefix("0x0"),
            let number = UInt256(text)
        else { throw .malformed("answer: a hexadecimal number is expected") }
        return number
    }

    /// A number of 64 bits.
    ///
    /// - Throws: `LedgerError.malformed`.
    package func small() throws(LedgerError) -> UInt64 {
        guard let number = try quantity().uint64 else { throw .malformed("answer: a number of more than 64 bits") }
        return number
    }

    /// Bytes as chains write them: `0x` and two digits each.
    ///
    /// - Throws: `LedgerError.malformed`.
    /// - Source: Ethereum JSON-RPC specification, "Hex encoding: unformatted data".
    package func data() throws(LedgerError) -> [UInt8] {
        guard case .text(let text) = self, text.hasPrefix("0x"), let bytes = Hexadecimal.decode(String(text.dropFirst(2)))
        else { throw .malformed("answer: hexadecimal bytes are expected") }
        return bytes
    }

    /// Exactly thirty-two bytes.
    ///
    /// - Throws: `LedgerError.malformed`.
    package func word() throws(LedgerError) -> Bytes32 {
        guard let word = Bytes32(try data()) else { throw .malformed("answer: thirty-two bytes are expected") }
        return word
    }

    /// Exactly twenty bytes.
    ///
    /// - Throws: `LedgerError.malformed`.
    package func address() throws(LedgerError) -> Address {
        guard let address = Address(try data()) else { throw .malformed("answer: an address is expected") }
        return address
    }

    // MARK: Making

    /// A number as chains write it.
    package static func quantity(_ number: UInt256) -> JSONValue {
        let digits = Hexadecimal.encode(number.minimalBytes)
        return .text("0x" + (digits.isEmpty ? "0" : String(digits.drop { $0 == "0" })))
    }

    /// A number of 64 bits as chains write it.
    package static func quantity(_ number: UInt64) -> JSONValue { quantity(UInt256(number)) }

    /// Bytes as chains write them.
    package static func data(_ bytes: some Sequence<UInt8>) -> JSONValue { .text("0x" + Hexadecimal.encode(bytes)) }

    /// The value as UTF-8.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    private func encode(into bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .number(let digits): bytes += digits.utf8
        case .text(let text): Self.encode(text, into: &bytes)
        case .list(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                item.encode(into: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let fields):
            bytes.append(UInt8(ascii: "{"))
            for (index, field) in fields.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.encode(field.key, into: &bytes)
                bytes.append(UInt8(ascii: ":"))
                field.value.encode(into: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func encode(_ text: String, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case ..<0x20: bytes += Array("\\u00".utf8) + Array(Hexadecimal.encode([byte]).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
