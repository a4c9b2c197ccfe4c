import Identity
import NIOCore
import Orders
import StorageModel
import WireMessages

/// What a node shows for a piece: the limit under which it was stored and the hash that the uploader signed.
///
/// - Source: protocol document 3 §1.4, §6.4.
struct PieceProof {
    var hash: PieceHash?
    var limit: OrderLimit?

    /// Checks that `bytes` are what the uploader signed for the piece that `asked` names.
    ///
    /// - Returns: the proof.
    /// - Throws: `PieceProofError`.
    func verify(
        _ bytes: ByteBuffer, of asked: OrderLimit, signedBy satellite: PeerIdentity
    ) throws(PieceProofError) -> (hash: PieceHash, limit: OrderLimit) {
        guard let hash else { throw .noHash }
        guard let limit else { throw .noLimit }
        guard limit.satelliteID == satellite.id, limit.storageNodeID == asked.storageNodeID,
            limit.pieceID == asked.pieceID, [.put, .putRepair].contains(limit.action)
        else { throw .otherLimit }
        guard hash.pieceID == asked.pieceID else { throw .otherPiece }
        guard hash.pieceSize == Int64(bytes.readableBytes) else { throw .wrongSize(hash.pieceSize) }
        guard limit.isSigned(by: satellite) else { throw .wrongLimitSignature }
        guard hash.isSigned(byPieceKey: limit.uplinkPublicKey) else { throw .wrongHashSignature }
        guard let digest = hash.hashAlgorithm.digest(bytes) else { throw .unknownAlgorithm }
        guard digest == hash.hash else { throw .wrongHash }
        return (hash, limit)
    }
}

/// What is wrong with a node's proof.
enum PieceProofError: Error, Hashable, CustomStringConvertible {
    case noHash
    case noLimit
    case otherLimit
    case otherPiece
    case wrongSize(Int64)
    case wrongLimitSignature
    case wrongHashSignature
    case unknownAlgorithm
    case wrongHash

    var description: String {
        switch self {
        case .noHash: "the node shows no hash of the piece"
        case .noLimit: "the node shows no limit under which the piece was stored"
        case .otherLimit: "the limit is not one for storing this piece on this node"
        case .otherPiece: "the hash is of another piece"
        case .wrongSize(let size): "the hash is of \(size) bytes"
        case .wrongLimitSignature: "the limit is not signed by the satellite"
        case .wrongHashSignature: "the hash is not signed by the uploader"
        case .unknownAlgorithm: "the hash is made with an unknown algorithm"
        case .wrongHash: "the bytes are not those that were hashed"
        }
    }
}
