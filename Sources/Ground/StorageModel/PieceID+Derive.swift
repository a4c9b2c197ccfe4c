import Crypto

extension PieceID {
    /// Derives the id under which `node` keeps piece `pieceNumber` of the segment whose root is `self`.
    ///
    /// - Source: protocol document 1 §8: HMAC-SHA512(root, node id ‖ big-endian piece number), 32 bytes.
    package func derive(node: NodeID, pieceNumber: Int32) -> PieceID {
        deriver().derive(node: node, pieceNumber: pieceNumber)
    }

    /// Derives many ids from this root: the key is taken in once.
    package func deriver() -> PieceIDDeriver { PieceIDDeriver(self) }
}

/// The ids of a segment's pieces.
package struct PieceIDDeriver {
    private let keyed: HMAC<SHA512>

    fileprivate init(_ root: PieceID) { keyed = HMAC<SHA512>(key: SymmetricKey(data: root.bytes)) }

    /// The id under which `node` keeps piece `pieceNumber`.
    package func derive(node: NodeID, pieceNumber: Int32) -> PieceID {
        var code = keyed
        code.update(data: node.bytes)
        let number = UInt32(bitPattern: pieceNumber)
        code.update(data: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) })
        guard let id = PieceID(Array(code.finalize().prefix(32))) else {
            preconditionFailure("an HMAC-SHA512 has 64 bytes")
        }
        return id
    }
}
