/// Recursive length prefix: how Ethereum writes nested lists of byte strings.
///
/// - Source: Ethereum Yellow Paper, appendix B.
package enum RLP: Hashable, Sendable {
    /// A byte string.
    case bytes([UInt8])
    /// A list.
    case list([RLP])

    /// Lists inside lists that are read at most.
    private static let maximumDepth = 16

    /// A number: big-endian bytes without leading zeros.
    package static func number(_ value: UInt256) -> RLP { .bytes(value.minimalBytes) }
    /// A number of 64 bits.
    package static func number(_ value: UInt64) -> RLP { number(UInt256(value)) }

    /// The one encoding there is.
    package var encoded: [UInt8] {
        switch self {
        case .bytes(let bytes):
            if bytes.count == 1, bytes[0] < 0x80 { return bytes }
            return Self.prefix(0x80, bytes.count) + bytes
        case .list(let items):
            let content = items.flatMap(\.encoded)
            return Self.prefix(0xC0, content.count) + content
        }
    }

    private static func prefix(_ base: UInt8, _ count: Int) -> [UInt8] {
        if count < 56 { return [base + UInt8(count)] }
        let length = UInt256(UInt64(count)).minimalBytes
        return [base + 55 + UInt8(length.count)] + length
    }

    /// Reads one item that fills the bytes. Anything but the one encoding of it is refused.
    ///
    /// - Throws: `EthereumError.malformed`.
    package init(encoded bytes: some Collection<UInt8>) throws(EthereumError) {
        var rest = Array(bytes)[...]
        self = try Self.parse(&rest, depth: 0)
        guard rest.isEmpty else { throw .malformed("RLP: bytes left over") }
    }

    private static func parse(_ rest: inout ArraySlice<UInt8>, depth: Int) throws(EthereumError) -> RLP {
        guard depth < maximumDepth else { throw .malformed("RLP: lists too deep") }
        guard let first = rest.popFirst() else { throw .malformed("RLP: no item") }
        switch first {
        case ..<0x80: return .bytes([first])
        case ..<0xC0:
            let content = try take(try length(first - 0x80, &rest), &rest)
            if content.count == 1, let only = content.first, only < 0x80 { throw .malformed("RLP: a byte with a prefix") }
            return .bytes(Array(content))
        default:
            var content = try take(try length(first - 0xC0, &rest), &rest)
            var items: [RLP] = []
            while !content.isEmpty { items.append(try parse(&content, depth: depth + 1)) }
            return .list(items)
        }
    }

    private static func length(_ code: UInt8, _ rest: inout ArraySlice<UInt8>) throws(EthereumError) -> Int {
        if code < 56 { return Int(code) }
        let digits = try take(Int(code) - 55, &rest)
        guard digits.first != 0, digits.count <= 8,
            let value = UInt256(bigEndian: digits)?.uint64.flatMap({ Int(exactly: $0) }), value >= 56
        else { throw .malformed("RLP: length") }
        return value
    }

    private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) throws(EthereumError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw .malformed("RLP: shorter than it says") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// The byte string.
    ///
    /// - Throws: `EthereumError.malformed` for a list.
    package func asBytes() throws(EthereumError) -> [UInt8] {
        guard case .bytes(let bytes) = self else { throw .malformed("RLP: a list where bytes are expected") }
        return bytes
    }

    /// The number.
    ///
    /// - Throws: `EthereumError.malformed` for a list, leading zeros, or more than 256 bits.
    package func asNumber() throws(EthereumError) -> UInt256 {
        let bytes = try asBytes()
        guard bytes.first != 0, let value = UInt256(bigEndian: bytes) else { throw .malformed("RLP: number") }
        return value
    }

    /// The items.
    ///
    /// - Throws: `EthereumError.malformed` for bytes.
    package func asList() throws(EthereumError) -> [RLP] {
        guard case .list(let items) = self else { throw .malformed("RLP: bytes where a list is expected") }
        return items
    }
}
