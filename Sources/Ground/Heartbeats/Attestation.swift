package import Blake3
package import Identity
import NIOCore
import Orders
package import StorageModel
import WireMessages

/// What a node keeps of a piece's upload: the hash that the uploader signed, and the limit that names the uploader's key.
package struct Attestation: Hashable, Sendable {
    /// The most bytes of either; a node keeps both in a header of 510 bytes.
    package static let maximumPartSize = 1024

    /// The encoded `PieceHash`; empty when the node sent none.
    package let pieceHash: [UInt8]
    /// The encoded `OrderLimit`; empty when the node sent none.
    package let orderLimit: [UInt8]

    /// What a node sent. Parts that are too long are no attestation and are dropped.
    package init(pieceHash: [UInt8] = [], orderLimit: [UInt8] = []) {
        self.pieceHash = pieceHash.count <= Self.maximumPartSize ? pieceHash : []
        self.orderLimit = orderLimit.count <= Self.maximumPartSize ? orderLimit : []
    }

    /// Who vouches for a piece's hash and size.
    ///
    /// - Parameters:
    ///   - piece: as the satellite's records have it.
    ///   - node: who stores it.
    ///   - satellite: who allowed the upload.
    package func trust(in piece: CommittedPiece, node: NodeID, satellite: PeerIdentity) -> SampleTrust {
        guard let (signed, trust) = signed(piece.id, node: node, satellite: satellite), signed == piece else {
            return .recorded
        }
        return trust
    }

    /// Whether the uploader signed a hash that this chunk leads to, whatever the satellite's records say.
    ///
    /// - Parameter index: of the chunk in the piece.
    package func vouches(
        for chunk: ChunkProof, index: Int64, of piece: PieceID, node: NodeID, satellite: PeerIdentity
    ) -> Bool {
        guard let (signed, _) = signed(piece, node: node, satellite: satellite) else { return false }
        return chunk.isValid(index: index, size: signed.size, root: signed.hash)
    }

    /// The piece as its uploader signed it; nil when nobody did.
    private func signed(
        _ piece: PieceID, node: NodeID, satellite: PeerIdentity
    ) -> (piece: CommittedPiece, trust: SampleTrust)? {
        // Bytes that do not parse vouch for nothing.
        guard let limit = try? OrderLimit.parse(ByteBuffer(bytes: orderLimit)),
            let hash = try? PieceHash.parse(ByteBuffer(bytes: pieceHash)),
            limit.satelliteID == satellite.id, limit.storageNodeID == node, limit.pieceID == piece,
            hash.pieceID == piece, hash.hashAlgorithm == .blake3, let content = Bytes32(hash.hash),
            limit.isSigned(by: satellite), hash.isSigned(byPieceKey: limit.uplinkPublicKey),
            let signed = CommittedPiece(id: piece, size: hash.pieceSize, hash: content)
        else { return nil }
        switch limit.action {
        case .put: return (signed, .uploader)
        case .putRepair: return (signed, .repair)
        default: return nil
        }
    }
}

/// Whose word it is that the bytes of a sample are the ones that were stored.
package enum SampleTrust: UInt8, Hashable, Sendable, Comparable {
    /// The satellite's records, and the node that signed the set made of them.
    case recorded
    /// The satellite, which had rebuilt the piece itself and signed its hash when it stored it.
    case repair
    /// The uploader, who signed the hash when he stored the piece.
    case uploader

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
