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

    /// Whether the uploader signed something that no honest node can show by the satellite's records: a hash that this
    /// chunk leads to though they name another, or one that proves no chunk though they call it BLAKE3.
    ///
    /// - Parameter index: of the chunk in the piece.
    package func contradictsRecords(
        _ chunk: ChunkProof, index: Int64, of piece: PieceID, node: NodeID, satellite: PeerIdentity
    ) -> Bool {
        guard let (hash, _) = uploadersHash(of: piece, node: node, satellite: satellite) else { return false }
        guard hash.hashAlgorithm == .blake3 else { return true }
        guard let signed = CommittedPiece(hash) else { return false }
        return chunk.isValid(index: index, size: signed.size, root: signed.hash)
    }

    /// The piece as its uploader signed it; nil when nobody did, or not with BLAKE3.
    private func signed(
        _ piece: PieceID, node: NodeID, satellite: PeerIdentity
    ) -> (piece: CommittedPiece, trust: SampleTrust)? {
        guard let (hash, trust) = uploadersHash(of: piece, node: node, satellite: satellite),
            let signed = CommittedPiece(hash)
        else { return nil }
        return (signed, trust)
    }

    /// What the uploader signed of a piece; nil when the signatures do not fit together.
    private func uploadersHash(
        of piece: PieceID, node: NodeID, satellite: PeerIdentity
    ) -> (hash: PieceHash, trust: SampleTrust)? {
        // Bytes that do not parse vouch for nothing.
        guard let limit = try? OrderLimit.parse(ByteBuffer(bytes: orderLimit)),
            let hash = try? PieceHash.parse(ByteBuffer(bytes: pieceHash)),
            limit.satelliteID == satellite.id, limit.storageNodeID == node, limit.pieceID == piece,
            hash.pieceID == piece, limit.isSigned(by: satellite), hash.isSigned(byPieceKey: limit.uplinkPublicKey)
        else { return nil }
        switch limit.action {
        case .put: return (hash, .uploader)
        case .putRepair: return (hash, .repair)
        default: return nil
        }
    }
}

extension CommittedPiece {
    /// A piece as a signed hash has it; nil for another hash than BLAKE3.
    fileprivate init?(_ hash: PieceHash) {
        guard hash.hashAlgorithm == .blake3, let content = Bytes32(hash.hash) else { return nil }
        self.init(id: hash.pieceID, size: hash.pieceSize, hash: content)
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
