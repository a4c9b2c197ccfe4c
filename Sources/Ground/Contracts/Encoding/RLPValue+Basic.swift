package import Ethereum
package import StorageModel

extension UInt64: RLPValue {
    package var rlp: RLP { .number(self) }
    package init(rlp: RLP) throws(EthereumError) {
        guard let value = try rlp.asNumber().uint64 else { throw .outOfRange("number") }
        self = value
    }
}

extension UInt32: RLPValue {
    package var rlp: RLP { .number(UInt64(self)) }
    package init(rlp: RLP) throws(EthereumError) {
        guard let value = UInt32(exactly: try UInt64(rlp: rlp)) else { throw .outOfRange("number") }
        self = value
    }
}

extension UInt256: RLPValue {
    package var rlp: RLP { .number(self) }
    package init(rlp: RLP) throws(EthereumError) { self = try rlp.asNumber() }
}

extension Bool: RLPValue {
    package var rlp: RLP { .number(self ? 1 as UInt64 : 0) }
    package init(rlp: RLP) throws(EthereumError) {
        let value = try UInt64(rlp: rlp)
        guard value <= 1 else { throw .outOfRange("yes or no") }
        self = value == 1
    }
}

extension String: RLPValue {
    package var rlp: RLP { .bytes(Array(utf8)) }
    package init(rlp: RLP) throws(EthereumError) {
        guard let text = String(validating: try rlp.asBytes(), as: UTF8.self) else { throw .malformed("text") }
        self = text
    }
}

extension Bytes32: RLPValue {
    package var rlp: RLP { .bytes(bytes) }
    package init(rlp: RLP) throws(EthereumError) {
        guard let value = Bytes32(try rlp.asBytes()) else { throw .malformed("32 bytes") }
        self = value
    }
}

extension NodeID: RLPValue {
    package var rlp: RLP { .bytes(bytes) }
    package init(rlp: RLP) throws(EthereumError) { self.init(storage: try Bytes32(rlp: rlp)) }
}

extension Address: RLPValue {
    package var rlp: RLP { .bytes(bytes) }
    package init(rlp: RLP) throws(EthereumError) {
        guard let value = Address(try rlp.asBytes()) else { throw .malformed("address") }
        self = value
    }
}

extension TokenAmount: RLPValue {
    package var rlp: RLP { .number(units) }
    package init(rlp: RLP) throws(EthereumError) { self.init(try UInt64(rlp: rlp)) }
}

extension Optional: RLPValue where Wrapped: RLPValue {
    /// A list of one, or of none.
    package var rlp: RLP { .list(map { [$0.rlp] } ?? []) }
    package init(rlp: RLP) throws(EthereumError) {
        let items = try rlp.asList()
        guard items.count <= 1 else { throw .malformed("more than one where at most one belongs") }
        self = items.isEmpty ? nil : try Wrapped(rlp: items[0])
    }
}

extension Array: RLPValue where Element: RLPValue {
    package var rlp: RLP { .list(map(\.rlp)) }
    package init(rlp: RLP) throws(EthereumError) {
        var values: [Element] = []
        for item in try rlp.asList() { values.append(try Element(rlp: item)) }
        self = values
    }
}
