import Ethereum

extension RLP {
    /// A number of 128 bits.
    static func wide(_ value: UInt128) -> RLP {
        var bytes: [UInt8] = []
        var rest = value
        while rest > 0 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
        return .bytes(bytes.reversed())
    }

    /// A number below or above zero: whether it is below, and how large it is.
    static func signed(_ value: Int64) -> RLP { .list([.number(value < 0 ? 1 : 0 as UInt64), .number(value.magnitude)]) }

    func asUInt64() throws(EthereumError) -> UInt64 {
        guard let value = try asNumber().uint64 else { throw .outOfRange("number") }
        return value
    }

    func asUInt128() throws(EthereumError) -> UInt128 {
        let bytes = try asBytes()
        guard bytes.count <= 16, bytes.first != 0 else { throw .malformed("RLP: number") }
        return bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    func asInt64() throws(EthereumError) -> Int64 {
        let parts = try asList()
        guard parts.count == 2, case let sign = try parts[0].asUInt64(), sign <= 1,
            let magnitude = Int64(exactly: try parts[1].asUInt64()), sign == 0 || magnitude > 0
        else { throw .malformed("RLP: signed number") }
        return sign == 1 ? -magnitude : magnitude
    }

    func asText() throws(EthereumError) -> String {
        guard let text = String(validating: try asBytes(), as: UTF8.self) else { throw .malformed("RLP: text") }
        return text
    }
}
