import Blake3
import Crypto
import Metabase
import NIOCore
import Overlay
import PieceTransfer
import StorageModel
import WireMessages

/// Asks a node for a whole piece that it owes, with the proof of what the uploader signed.
///
///     finding    what follows
///     proven     success, settled; a share that contradicted the others was the uploader's: the piece leaves the metadata
///     lost       failure, settled, the piece leaves the metadata
///     silent     asked again later; a failure when the tries are used up
///     error      unknown, asked again later; a failure when the tries are used up although the node served other audits
///     offline    offline, asked again later
///     gone       the segment or the node is gone: settled
///
/// Nothing is written here.
///
/// - Source: protocol document 3 §6.4, where an error settles at once: a node that errs at what it lost was never found.
struct Reverifier: Sendable {
    /// What a node's answer shows.
    enum Finding: Sendable {
        case proven
        case lost(String)
        case silent
        case offline(String)
        case error(String)
    }

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
            (1...PieceFetchSettings.maximumSize).contains(remote.redundancy.pieceSize(encryptedSize: segment.encryptedSize))
        else {
            record.settlements = [.settled(pending)]
            return record
        }
        let finding: Finding =
            asksEverybody || parts.overlay.isOnline(node)
            ? try await ask(pending, node, segment, remote) : .offline("no contact")
        try Task.checkCancellation()
        // Meanwhile the piece may have become garbage; then the node owes nothing.
        guard try await current(pending) != nil else {
            record.settlements = [.settled(pending)]
            return record
        }
        let lastSuccess = try await store.lastSuccess(of: pending.node)
        record.judge(
            finding, pending, maximumTries: settings.maximumTries, forgives: forgives(segment),
            hasServedOthers: lastSuccess.map { $0 > pending.insertedAt } ?? false)
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
    ) async throws -> Finding {
        let place = RemoteSegmentPlace(segment, remote)
        let stored = remote.piece(pending.holder)?.hash
        // Without a hash of our own only the proof of an open download tells whether the bytes are right.
        let isDisguised = pending.isDisguised && stored != nil
        let ticket = try await fetch.ticket(
            .getRepair, place, limit: place.pieceSize, count: 1, isDisguised: isDisguised)
        if isDisguised {
            let range = AuditFetch.Range(offset: 0, size: Int(place.pieceSize))
            let outcome = try await fetch.share(ticket, pending.holder, node, range)
            return Finding(outcome) { $0.digest(PieceHashAlgorithm(rawValue: remote.hashAlgorithm)) == stored?.bytes }
        }
        let outcome = try await fetch.piece(ticket, pending.holder, node, size: place.pieceSize)
        return Finding(outcome) { piece in
            // The proof is what the uploader signed; the satellite also knows what the node signed back then.
            guard let stored, let hash = piece.hash, hash.hashAlgorithm.rawValue == remote.hashAlgorithm else { return true }
            return hash.hash == stored.bytes
        }
    }
}

extension Reverifier.Finding {
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

extension FetchedPiece {
    /// The hash of the bytes; nil for an algorithm that nobody knows.
    fileprivate func digest(_ algorithm: PieceHashAlgorithm) -> [UInt8]? {
        switch algorithm {
        case .blake3:
            var hasher = Blake3Hasher()
            bytes.withUnsafeReadableBytes { hasher.update($0) }
            return hasher.finalize().bytes
        case .sha256:
            var hasher = SHA256()
            bytes.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) }
            return Array(hasher.finalize())
        default:
            return nil
        }
    }
}

extension AuditRecord {
    /// Adds what follows from a node's answer.
    ///
    /// - Parameter hasServedOthers: whether the node passed an audit since it began to owe this piece.
    mutating func judge(
        _ finding: Reverifier.Finding, _ pending: PendingReverification, maximumTries: Int, forgives: Bool,
        hasServedOthers: Bool
    ) {
        let holder = pending.holder
        var tried = pending
        tried.attemptedAt = at
        switch finding {
        case .proven:
            settlements = [.settled(pending)]
            add(.success, holder, detail: pending.reason == .contradiction ? "the uploader stored other bytes" : "")
            if pending.reason == .contradiction { removals.append(holder) }
        case .lost(let reason):
            settlements = [.settled(pending)]
            add(lost: holder, reason, forgives: forgives)
        case .offline(let reason):
            settlements = [.tried(tried)]
            add(.offline, holder, detail: reason)
        case .silent:
            tried.tries += 1
            guard tried.tries >= maximumTries else {
                settlements = [.tried(tried)]
                rows.append(Row(holder: holder, result: "no answer", detail: "try \(tried.tries) of \(maximumTries)"))
                return
            }
            settlements = [.settled(pending)]
            add(lost: holder, "no answer in \(maximumTries) tries", forgives: false)
        case .error(let reason):
            tried.tries += 1
            guard tried.tries >= maximumTries else {
                settlements = [.tried(tried)]
                add(.unknown, holder, detail: reason)
                return
            }
            settlements = [.settled(pending)]
            if hasServedOthers {
                add(lost: holder, "errs at this piece and serves others: \(reason)", forgives: false)
            } else {
                add(.unknown, holder, detail: reason)
            }
        }
    }
}
