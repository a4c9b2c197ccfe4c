import Metabase
import Overlay
import StorageModel

extension AuditRecord {
    /// What a stripe audit adds to the books.
    ///
    /// - Parameters:
    ///   - forgives: whether missing pieces of this segment count against nobody.
    ///   - counted: holders whose loss of their piece was counted before.
    init(
        _ verdict: StripeVerdict, _ audited: StripeAuditor.AuditedSegment, forgives: Bool,
        counted: Set<PieceHolder>, at now: Timestamp
    ) {
        let (segment, remote) = (audited.segment, audited.remote)
        let place = SegmentPlace(stream: segment.stream, position: segment.position)
        self.init(place, audited.isDisguised ? .disguised : .stripe, at: now)
        endsAudit = true
        rootPieceID = remote.rootPieceID
        for holder in audited.confessed { add(confessed: holder) }
        for holder in verdict.failures {
            add(lost: holder, "not found", forgives: forgives, isCounted: counted.contains(holder))
        }
        for (holder, reason) in verdict.errors { add(.unknown, holder, detail: reason) }
        for (holder, reason) in verdict.offline { add(.offline, holder, detail: reason) }
        for holder in verdict.successes { add(.success, holder) }
        for (holder, reason) in verdict.followUps {
            pending.append(
                PendingReverification(
                    node: holder.node, place: place, pieceNumber: holder.number, rootPieceID: remote.rootPieceID,
                    reason: reason, isDisguised: audited.isDisguised, insertedAt: now))
            if reason != .error { rows.append(Row(holder: holder, result: "asked again", detail: "\(reason)")) }
        }
    }

    /// Takes a piece out of the metadata that its node has reported lost: a confessed loss counts as no failure.
    mutating func add(confessed holder: PieceHolder) {
        removals.append(holder)
        rows.append(Row(holder: holder, result: "reported", detail: "the node reported the loss itself"))
    }

    /// Counts a lost piece and takes it out of the metadata, so that it is rebuilt and counts once only.
    mutating func add(lost holder: PieceHolder, _ detail: String, forgives: Bool, isCounted: Bool) {
        removals.append(holder)
        if isCounted {
            rows.append(Row(holder: holder, result: "counted before", detail: detail))
        } else if forgives {
            rows.append(Row(holder: holder, result: "forgiven", detail: detail))
        } else {
            add(.failure, holder, detail: detail)
            losses.append(holder)
        }
    }
}
