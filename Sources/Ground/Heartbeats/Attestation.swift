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
        // Bytes that do not parse vouch for nothing.
        guard let limit = try? OrderLimit.parse(ByteBuffer(bytes: orderLimit)),
            let hash = try? PieceHash.parse(ByteBuffer(bytes: pieceHash)),
            limit.satelliteID == satellite.id, limit.storageNodeID == node, limit.pieceID == piece.id,
            hash.pieceID == piece.id, hash.hashAlgorithm == .blake3, hash.hash == piece.hash.bytes,
            hash.pieceSize == piece.size, limit.isSigned(by: satellite),
            hash.isSigned(byPieceKey: limit.uplinkPublicKey)
        else { return .recorded }
        switch limit.action {
        case .put: return .uploader
        case .putRepair: return .repair
        default: return .recorded
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
