import Database
import Logging
import StorageModel
import WireMessages

extension Overlay {
    /// Pieces one report may name; nodes send 50 at a time.
    static let maximumReportedPieces = 1000

    /// Keeps what a node itself says it has lost, for the repairer.
    ///
    /// - Throws: `OverlayError.unknownNode`, `.badRequest`; `DatabaseError`.
    func storeLostPieces(_ report: Node_AmnestyReportRequest, node: NodeID) async throws {
        guard record(of: node) != nil else { throw OverlayError.unknownNode(node) }
        guard report.pieces.count <= Self.maximumReportedPieces else {
            throw OverlayError.badRequest("a report names at most \(Self.maximumReportedPieces) pieces")
        }
        var lost: [(piece: PieceID, reason: Int)] = []
        for piece in report.pieces {
            guard let id = PieceID(piece.pieceID) else {
                throw OverlayError.badRequest("a piece id has \(PieceID.byteCount) bytes")
            }
            lost.append((id, piece.reason.rawValue))
        }
        let now = clock.now()
        let pieces = lost
        try await database.write { session in
            for (piece, reason) in pieces {
                try session.execute(
                    """
                    INSERT INTO reported_lost_pieces (node_id, piece_id, reason, reported_at) VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT (node_id, piece_id) DO NOTHING
                    """, [SQLValue(node), SQLValue(piece), SQLValue(reason), SQLValue(now)])
            }
        }
        logger.info("node reported lost pieces", metadata: ["node_id": "\(node)", "count": "\(pieces.count)"])
    }
}
