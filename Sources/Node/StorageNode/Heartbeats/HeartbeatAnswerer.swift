import Blake3
import Foundation
import NIOCore
import PieceStore
import StorageModel
import WireMessages

/// Shows single chunks of stored pieces with what proves them.
///
/// Everything is checked against the stored root before it is sent: rot is found here and told, not sent as a wrong proof.
/// - Source: protocol document 3 §9.4–9.5.
struct HeartbeatAnswerer: Sendable {
    let store: PieceStore
    let reporter: AmnestyReporter

    /// The answer to one sample.
    ///
    /// - Throws: `CancellationError`, or `PieceStoreError` `.closed`; all faults of pieces are part of the answer.
    func answer(_ sample: Heartbeat_Sample, pieceID: PieceID, satellite: NodeID) async throws -> Heartbeat_SampleAnswer {
        var answer = Heartbeat_SampleAnswer()
        answer.number = sample.number
        do {
            // The set was fixed before: what has gone to the trash since is still answered for, and stays there.
            let reader = try await store.openPiece(satellite: satellite, pieceID: pieceID, restoring: false)
            guard let index = Int64(exactly: sample.chunk),
                let group = Blake3Tree.groupRange(chunk: index, size: reader.piece.size)
            else {
                // The satellite's books know a larger piece.
                answer.fault = .notFound
                return answer
            }
            try await show(index, group, reader, in: &answer)
        } catch let error as PieceStoreError {
            answer.fault = try fault(error, satellite, pieceID)
        }
        return answer
    }

    private func show(
        _ index: Int64, _ group: Range<Int64>, _ reader: PieceReader, in answer: inout Heartbeat_SampleAnswer
    ) async throws {
        let piece = reader.piece
        let bytes = try await reader.read(offset: group.lowerBound, count: group.count)
        let proof: ChunkProof
        do {
            proof = try ChunkProof.make(
                chunk: index, size: piece.size, group: Array(bytes.readableBytesView), groupValues: reader.groupValues)
        } catch {
            throw PieceStoreError(.corrupt, "piece \(piece.pieceID) does not match its stored values")
        }
        guard proof.isValid(index: index, size: piece.size, root: piece.root) else {
            throw PieceStoreError(.corrupt, "piece \(piece.pieceID) does not match its root")
        }
        answer.chunk = Data(proof.chunk)
        answer.siblings = Data(proof.siblings.flatMap(\.bytes))
        answer.pieceHash = Data(PieceHash(storedFor: piece).encoded)
        answer.orderLimit = Data(piece.proof.orderLimit)
    }

    private func fault(
        _ error: PieceStoreError, _ satellite: NodeID, _ pieceID: PieceID
    ) throws -> Heartbeat_SampleAnswer.Fault {
        switch error.code {
        case .notFound:
            // A loss that the satellite is about to know of is not a silent one: it asks again later.
            return reporter.isWaiting(satellite: satellite, pieceID: pieceID) ? .readFailure : .notFound
        case .corrupt, .missingFile:
            reporter.suspect(satellite: satellite, pieceID: pieceID)
            return .corrupt
        case .system:
            reporter.suspect(satellite: satellite, pieceID: pieceID)
            return .readFailure
        case .closed: throw error
        case .alreadyExists, .noSpace, .tooLarge: return .readFailure
        }
    }
}

extension PieceHash {
    /// What the uploader signed of a stored piece, as it was.
    init(storedFor piece: StoredPiece) {
        self.init(
            pieceID: piece.pieceID, hash: piece.hash.bytes, pieceSize: piece.size, timestamp: piece.proof.hashTimestamp,
            hashAlgorithm: PieceHashAlgorithm(rawValue: Int32(piece.algorithm.rawValue)),
            signature: piece.proof.hashSignature)
    }
}
