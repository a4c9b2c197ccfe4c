package import Ethereum

/// A value with exactly one encoding: what is signed, hashed and sent is the same bytes for everybody.
package protocol RLPValue: Sendable {
    /// The value as nested byte strings.
    var rlp: RLP { get }
    /// The value behind nested byte strings; anything but `rlp` of some value is refused.
    init(rlp: RLP) throws(EthereumError)
}

extension RLPValue {
    /// The one encoding.
    package var encoded: [UInt8] { rlp.encoded }

    /// Reads the one encoding, and nothing after it.
    ///
    /// - Throws: `EthereumError.malformed`, `.outOfRange`, `.invalidSignature`.
    package init(encoded bytes: some Collection<UInt8>) throws(EthereumError) {
        try self.init(rlp: try RLP(encoded: bytes))
    }
}

extension RLP {
    /// Sixty-five bytes.
    package static func signature(_ signature: Signature) -> RLP { .bytes(signature.encoded) }

    /// Sixty-five bytes, or none.
    package static func signature(_ signature: Signature?) -> RLP { .bytes(signature?.encoded ?? []) }
}

/// Reads the fields of a list one after the other.
package struct RLPFields {
    private let name: String
    private var rest: ArraySlice<RLP>

    /// The fields of a list that has exactly `count`.
    ///
    /// - Parameter name: what errors name.
    /// - Throws: `EthereumError.malformed`.
    package init(_ rlp: RLP, of name: String, count: Int) throws(EthereumError) {
        let items = try rlp.asList()
        guard items.count == count else { throw .malformed("\(name): \(items.count) fields where \(count) belong") }
        self.name = name
        rest = items[...]
    }

    /// The next field as it is.
    package mutating func item() throws(EthereumError) -> RLP {
        guard let item = rest.popFirst() else { throw .malformed("\(name): too few fields") }
        return item
    }

    /// The next field.
    package mutating func next<Value: RLPValue>(_ type: Value.Type = Value.self) throws(EthereumError) -> Value {
        try Value(rlp: try item())
    }

    /// The next field as bytes, at most so many.
    package mutating func bytes(atMost limit: Int) throws(EthereumError) -> [UInt8] {
        let bytes = try item().asBytes()
        guard bytes.count <= limit else { throw .outOfRange("\(name): a field of \(bytes.count) bytes") }
        return bytes
    }

    /// The next field as a signature. Whose it is remains to be seen.
    package mutating func signature() throws(EthereumError) -> Signature { try Signature(encoded: try item().asBytes()) }

    /// The next field as a signature, or none.
    package mutating func optionalSignature() throws(EthereumError) -> Signature? {
        let bytes = try item().asBytes()
        return bytes.isEmpty ? nil : try Signature(encoded: bytes)
    }
}
