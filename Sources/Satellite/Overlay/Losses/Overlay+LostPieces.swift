import Database
import Logging
package import StorageModel
import Synchronization
import WireMessages

/// Amnesty: what a node says itself that it has lost is repaired, and no audit failure counts for it.
///
/// ```
///   reported ─► open ─────────────────────────────────────────────► settled ─► forgotten
///               (durable; the      the pass over all segments took    after the loss window
///               repairer is told)  the piece out, or did not find it
/// ```
extension Overlay {
    /// Pieces one report may name; nodes send 50 at a time.
    static let maximumReportedPieces = 1000

    /// Is told of pieces that a node reported lost, once the report is durable.
    package typealias LostPiecesHandler = @Sendable (NodeID, [PieceID]) async -> Void

    /// Says who is told of reports; replaces whoever was.
    package func onLostPieces(_ handler: @escaping LostPiecesHandler) {
        state.withLock { $0.lostPiecesHandler = handler }
    }

    /// Pieces that nodes reported lost and nobody has settled.
    ///
    /// - Throws: `DatabaseError`.
    package func openLostPieces() async throws -> [NodeID: [PieceID]] {
        let rows = try await database.read { session in
            try session.query(
                "SELECT node_id, piece_id FROM reported_lost_pieces WHERE settled_at IS NULL"
            ) { (try $0.id(0, as: NodeID.self), try $0.id(1, as: PieceID.self)) }
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }

    /// How many reports of a node are open; does not suspend.
    package func openLostPieceCount(of node: NodeID) -> Int {
        state.withLock { $0.losses[node]?.open ?? 0 }
    }

    /// Whether a node had reported a piece lost before a moment, and the report is open: then an audit of the piece
    /// that began at that moment finds nothing that was hidden, and counts as no failure.
    ///
    /// - Throws: `DatabaseError`.
    package func isReportedLost(_ piece: PieceID, by node: NodeID, before: Timestamp) async throws -> Bool {
        guard openLostPieceCount(of: node) > 0 else { return false }
        return try await database.read { session in
            try session.first(
                """
                SELECT 1 FROM reported_lost_pieces
                WHERE node_id = ?1 AND piece_id = ?2 AND settled_at IS NULL AND reported_at <= ?3
                """, [SQLValue(node), SQLValue(piece), SQLValue(before)]
            ) { _ in true } ?? false
        }
    }

    /// Closes reports: the pieces are out of the metadata, or a pass that began after the report did not find them.
    ///
    /// A node that got no new pieces because of its losses gets some again when the last of its reports is closed.
    /// - Throws: `DatabaseError`.
    package func settleLostPieces(_ node: NodeID, _ pieces: some Sequence<PieceID>) async throws {
        let now = clock.now()
        let pieces = Array(pieces)
        let since = now.advanced(by: .zero - settings.losses.window)
        let settled = try await database.write { session in
            var settled = (all: 0, recent: 0)
            for piece in pieces {
                let reportedAt = try session.first(
                    """
                    SELECT reported_at FROM reported_lost_pieces
                    WHERE node_id = ?1 AND piece_id = ?2 AND settled_at IS NULL
                    """, [SQLValue(node), SQLValue(piece)]
                ) { $0.timestamp(0) }
                guard let reportedAt else { continue }
                try session.execute(
                    "UPDATE reported_lost_pieces SET settled_at = ?3 WHERE node_id = ?1 AND piece_id = ?2",
                    [SQLValue(node), SQLValue(piece), SQLValue(now)])
                settled.all += 1
                if reportedAt >= since { settled.recent += 1 }
            }
            return settled
        }
        state.withLock { state in
            var count = state.losses[node] ?? LossCount()
            count.open = max(0, count.open - settled.all)
            count.recentSettled = min(count.recent, count.recentSettled + settled.recent)
            state.losses[node] = count
        }
        try await limitLosses(of: node)
    }

    /// Keeps what a node itself says it has lost, and tells the repairer.
    ///
    /// A node that is out already is thanked and not written down: it has nothing to gain or lose.
    /// - Throws: `OverlayError.unknownNode`, `.badRequest`, `.tooManyReports`; `DatabaseError`.
    func storeLostPieces(_ report: Node_AmnestyReportRequest, node id: NodeID) async throws {
        guard let node = record(of: id) else { throw OverlayError.unknownNode(id) }
        let pieces = try Self.pieces(of: report)
        guard node.servesDownloads, !pieces.isEmpty else { return }
        guard openLostPieceCount(of: id) + pieces.count <= settings.losses.maximumOpen else {
            throw OverlayError.tooManyReports(id)
        }
        let added = try await save(pieces, of: node)
        logger.info("node reported lost pieces", metadata: ["node_id": "\(id)", "count": "\(added.count)"])
        try await limitLosses(of: id)
        if !added.isEmpty, let handler = state.withLock({ $0.lostPiecesHandler }) { await handler(id, added) }
    }

    /// Forgets settled reports that do not count any more, and counts the others again.
    ///
    /// - Throws: `DatabaseError`.
    func refreshLosses(at now: Timestamp) async throws {
        let since = now.advanced(by: .zero - settings.losses.window)
        let counts = try await database.write { session in
            try session.execute(
                "DELETE FROM reported_lost_pieces WHERE settled_at IS NOT NULL AND reported_at < ?1 AND settled_at < ?1",
                [SQLValue(since)])
            return try LossCount.fetchAll(since: since, in: session)
        }
        state.withLock { $0.losses = counts }
        let limited = nodes().filter { $0.lossesLimitedAt != nil }.map(\.id)
        for node in limited { try await limitLosses(of: node) }
    }

    private static func pieces(of report: Node_AmnestyReportRequest) throws -> [(id: PieceID, reason: Int)] {
        guard report.pieces.count <= maximumReportedPieces else {
            throw OverlayError.badRequest("a report names at most \(maximumReportedPieces) pieces")
        }
        return try report.pieces.map { piece in
            guard let id = PieceID(piece.pieceID) else {
                throw OverlayError.badRequest("a piece id has \(PieceID.byteCount) bytes")
            }
            return (id, piece.reason.rawValue)
        }
    }

    /// Writes reports; one that was settled is opened anew, since a repair may have given the piece to the node again.
    ///
    /// - Returns: the pieces that were not open before.
    private func save(_ pieces: [(id: PieceID, reason: Int)], of node: NodeRecord) async throws -> [PieceID] {
        let now = clock.now()
        let added = try await database.write { [settings] session in
            var added: [PieceID] = []
            for piece in pieces {
                let changes = try session.execute(
                    """
                    INSERT INTO reported_lost_pieces (node_id, piece_id, reason, reported_at) VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT (node_id, piece_id) DO UPDATE
                        SET reason = excluded.reason, reported_at = excluded.reported_at, settled_at = NULL
                        WHERE reported_lost_pieces.settled_at IS NOT NULL
                    """, [SQLValue(node.id), SQLValue(piece.id), SQLValue(piece.reason), SQLValue(now)])
                if changes > 0 { added.append(piece.id) }
            }
            if !added.isEmpty {
                try NodeEvent.raise(.lostPiecesReported, node: node, at: now, settings: settings, in: session)
            }
            return added
        }
        state.withLock { state in
            state.losses[node.id, default: LossCount()].open += added.count
            state.losses[node.id, default: LossCount()].recent += added.count
        }
        return added
    }

    /// Stops new pieces for a node that lost a large share, and lets them come again when all its reports are settled or
    /// too old: one that cannot be settled, because the segment has too few pieces, must not stop it for ever.
    private func limitLosses(of id: NodeID) async throws {
        let now = clock.now()
        let count = state.withLock { $0.losses[id] ?? LossCount() }
        guard let node = record(of: id), node.servesDownloads else { return }
        let rule = settings.losses
        let isTooMuch =
            count.open > 0 && count.recent >= rule.limitingCount
            && count.share(ofPieces: node.pieceCount) > rule.limitingShare
        let isLimited = node.lossesLimitedAt != nil
        let isOver = count.open == 0 || count.recent < rule.limitingCount
        guard isLimited ? isOver : isTooMuch else { return }
        try await transition(id, isLimited ? .uploadsResumed : .uploadsStoppedForLosses) { node in
            node.lossesLimitedAt = isLimited ? nil : now
        }
    }
}
