import Metabase
import NIOCore
import Overlay
import PieceTransfer
import StorageModel
import WireMessages

/// Asks a node for a whole piece that it owes, with the proof of what the uploader signed.
///
/// Nothing is written here.
///
/// - Source: protocol document 3 §6.4.
struct Reverifier: Sendable {
    let parts: UpkeepParts
    let settings: AuditSettings
    let store: AuditStore
    let fetch: AuditFetch

    /// Asks once.
    ///
    /// - Parameters:
    ///   - asksEverybody: whether a node is asked that has not been in touch.
    ///   - forgives: whether missing pieces of a segment count against nobody.
    /// - Throws: `DatabaseError`, `OrdersError`, `CancellationError`.
    func reverify(
        _ pending: PendingReverification, asksEverybody: Bool, forgives: (Segment) -> Bool
    ) async throws -> AuditRecord {
        var record = AuditRecord(pending.place, .reverification, at: parts.clock.now())
        record.rootPieceID = pending.rootPieceID
        guard let node = parts.overlay.record(of: pending.node), node.servesDownloads,
            let (segment, remote) = try await current(pending),
            (1...PieceFetchSettings.maximumSize).contains(
                remote.redundancy.pieceSize(encryptedSize: segment.encryptedSize))
        else {
            record.settlements = [.settled(pending)]
            return record
        }
        if try await parts.overlay.hasConfessed(pending.holder, of: pending.rootPieceID, at: record.at) {
            record.settlements = [.settled(pending)]
            record.add(confessed: pending.holder)
            return record
        }
        let finding: ReverificationFinding =
            asksEverybody || parts.overlay.isOnline(node)
            ? try await ask(pending, node, segment, remote) : .offline("no contact")
        try Task.checkCancellation()
        // Meanwhile the piece may have become garbage; then the node owes nothing.
        guard try await current(pending) != nil else {
            record.settlements = [.settled(pending)]
            return record
        }
        let counted = try await store.countedLosses(
            of: [pending.holder], pending.rootPieceID, after: record.at.advanced(by: .zero - settings.lossMemory))
        let lastSuccess = try await store.lastSuccess(of: pending.node)
        record.add(
            ReverificationRuling(
                finding, reason: pending.reason, tries: pending.tries, maximumTries: settings.maximumTries,
                forgives: forgives(segment), hasServedOthers: lastSuccess.map { $0 > pending.insertedAt } ?? false),
            pending, isCounted: !counted.isEmpty)
        return record
    }

    /// The segment if it still has the piece.
    private func current(_ pending: PendingReverification) async throws -> (segment: Segment, remote: RemoteSegment)? {
        guard let (segment, remote) = try await parts.metabase.remoteSegment(at: pending.place),
            remote.rootPieceID == pending.rootPieceID, remote.piece(pending.holder) != nil
        else { return nil }
        return (segment, remote)
    }

    private func ask(
        _ pending: PendingReverification, _ node: NodeRecord, _ segment: Segment, _ remote: RemoteSegment
    ) async throws -> ReverificationFinding {
        let place = RemoteSegmentPlace(segment, remote)
        let stored = remote.piece(pending.holder)?.hash
        // Without a hash of our own only the proof of an open download tells whether the bytes are right.
        let isDisguised = pending.isDisguised && stored != nil
        let ticket = try await fetch.ticket(
            .getRepair, place, limit: place.pieceSize, count: 1, isDisguised: isDisguised)
        if isDisguised {
            let range = AuditFetch.Range(offset: 0, size: Int(place.pieceSize))
            let outcome = try await fetch.share(ticket, pending.holder, node, range)
            return ReverificationFinding(outcome) {
                PieceHashAlgorithm(rawValue: remote.hashAlgorithm).digest($0.bytes) == stored?.bytes
            }
        }
        let outcome = try await fetch.piece(ticket, pending.holder, node, size: place.pieceSize)
        return ReverificationFinding(outcome) { piece in
            // The proof is what the uploader signed; the satellite also knows what the node signed back then.
            guard let stored, let hash = piece.hash, hash.hashAlgorithm.rawValue == remote.hashAlgorithm else {
                return true
            }
            return hash.hash == stored.bytes
        }
    }
}

extension ReverificationFinding {
    /// What the end of a fetch shows; `isRight` looks at bytes that came whole.
    init(_ outcome: PieceFetchOutcome, isRight: (FetchedPiece) -> Bool) {
        self =
            switch outcome {
            case .data(let piece): isRight(piece) ? .proven : .lost("other bytes than were stored")
            case .notFound: .lost("not found")
            case .invalid(let reason): .lost(reason)
            case .timedOut: .silent
            case .offline(let reason): .offline(reason)
            case .failed(let reason): .error(reason)
            }
    }
}

extension AuditRecord {
    /// Adds what follows from a node's answer.
    ///
    /// - Parameter isCounted: whether the loss of this piece was counted before.
    mutating func add(_ ruling: ReverificationRuling, _ pending: PendingReverification, isCounted: Bool) {
        let holder = pending.holder
        if ruling.isSettled {
            settlements = [.settled(pending)]
        } else {
            var tried = pending
            tried.attemptedAt = at
            tried.tries = ruling.tries
            settlements = [.tried(tried)]
        }
        if ruling.outcome == .failure {
            add(lost: holder, ruling.detail, forgives: false, isCounted: isCounted)
            return
        }
        if ruling.removesPiece { removals.append(holder) }
        if let outcome = ruling.outcome {
            add(outcome, holder, detail: ruling.detail)
        } else {
            rows.append(Row(holder: holder, result: ruling.isSettled ? "forgiven" : "no answer", detail: ruling.detail))
        }
    }
}
