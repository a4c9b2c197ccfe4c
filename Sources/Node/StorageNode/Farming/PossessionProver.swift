import Blake3
package import Contracts
package import Heartbeats
import NIOCore
package import PieceStore
package import StorageModel

/// Makes what the ledger wants to see of a period: the one chunk that its beacon asks for, from the node's own disk.
///
/// - Source: economy design §5.2, §7.3.
package struct PossessionProver: Sendable {
    private let store: PieceStore

    /// A prover over the node's pieces.
    package init(store: PieceStore) {
        self.store = store
    }

    /// The proof of a period of an agreement.
    ///
    /// - Parameters:
    ///   - beacon: what the ledger drew for the period's epoch.
    ///   - set: the pieces of the agreement.
    ///   - payer: whose pieces they are on this node.
    /// - Throws: `PieceStoreError` when the piece is lost or cannot be read; `HeartbeatError` when the set is not the terms';
    ///   `Blake3Error` when it is not as it was stored.
    package func proof(
        terms: AgreementTerms, period: UInt64, beacon: Bytes32, set: CommittedSet, payer: NodeID
    ) async throws -> PossessionProof {
        let challenge = Challenge(
            beacon: beacon, agreement: terms.id, period: period, total: terms.chunkCount, sampleCount: 1)
        let proof = try await HeartbeatProof.make(challenge, set: set) { piece, index in
            try await chunk(index, of: piece, payer: payer)
        }
        guard let sample = proof.samples.first else { throw HeartbeatError.malformed("an agreement without chunks") }
        return PossessionProof(sample: sample)
    }

    private func chunk(_ index: Int64, of piece: CommittedPiece, payer: NodeID) async throws -> ChunkProof {
        let reader = try await store.openPiece(satellite: payer, pieceID: piece.id, restoring: false)
        guard reader.piece.size == piece.size, let group = Blake3Tree.groupRange(chunk: index, size: piece.size) else {
            throw PieceStoreError(.notFound, "piece \(piece.id) is not the one that was agreed about")
        }
        let bytes = try await reader.read(offset: group.lowerBound, count: group.count)
        let proof = try ChunkProof.make(
            chunk: index, size: piece.size, group: Array(bytes.readableBytesView), groupValues: reader.groupValues)
        guard proof.isValid(index: index, size: piece.size, root: piece.hash) else {
            throw PieceStoreError(.corrupt, "piece \(piece.id) is not what was agreed about")
        }
        return proof
    }
}
