/// The identity of a satellite, storage node or uplink: a hash of its certificate authority's public key.
///
/// - Source: protocol document 1 §1.2. The last byte is the identity version, 0 today.
package struct NodeID: FixedBytesID {
    package let storage: Bytes32
    package init(storage: Bytes32) { self.storage = storage }

    /// The identity version, the last byte.
    package var version: UInt8 { bytes[31] }

    /// How many trailing zero bits the id has before its version byte, plus 8.
    ///
    /// In `8...256`; each more bit doubles the expected work of making the identity.
    package var difficulty: Int {
        let bytes = bytes
        for index in 1..<32 where bytes[31 - index] != 0 {
            return index * 8 + bytes[31 - index].trailingZeroBitCount
        }
        return 256
    }

    /// Parses the text form, base58check of the 32 bytes with the version moved to the front.
    ///
    /// - Throws: `NodeIDError` naming what is wrong.
    package init(text: String) throws(NodeIDError) {
        guard let decoded = Base58Check.decode(text) else { throw .notBase58Check }
        guard decoded.payload.count == 32 else { throw .wrongLength(decoded.payload.count) }
        var bytes = decoded.payload
        // An unknown version reads as version 0, as upstream does.
        bytes[31] = 0
        guard let storage = Bytes32(bytes) else { throw .wrongLength(bytes.count) }
        self.init(storage: storage)
    }

    /// The text form, 49 to 51 characters for ordinary ids.
    package var description: String {
        var bytes = bytes
        let version = bytes[31]
        bytes[31] = 0
        return Base58Check.encode(version: version, payload: bytes)
    }
}

/// Why a text is not a node id.
package enum NodeIDError: Error, Equatable, CustomStringConvertible {
    /// A character outside the alphabet, or a wrong checksum.
    case notBase58Check
    /// The payload has this many bytes instead of 32.
    case wrongLength(Int)

    package var description: String {
        switch self {
        case .notBase58Check: "node id is not valid base58check text"
        case .wrongLength(let count): "node id has \(count) bytes instead of 32"
        }
    }
}
