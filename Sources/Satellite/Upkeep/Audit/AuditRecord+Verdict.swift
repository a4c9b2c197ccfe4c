import Metabase
import Overlay
import StorageModel

extension AuditRecord {
    /// What a stripe audit adds to the books.
    ///
    /// - Parameter forgives: whether missing pieces of this segment count against nobody.
    init(
        _ verdict: StripeVerdict, _ segment: Segment, _ remote: RemoteSegment, isDisguised: Bool, forgives: Bool,
        at now: Timestamp
    ) {
        let place = SegmentPlace(stream: segment.stream, position: segment.position)
        self.init(place, isDisguised ? .disguised : .stripe, at: now)
        endsAudit = true
        rootPieceID = remote.rootPieceID
        for holder in verdict.failures { add(lost: holder, "not found", forgives: forgives) }
        for (holder, reason) in verdict.errors { add(.unknown, holder, detail: reason) }
        for (holder, reason) in verdict.offline { add(.offline, holder, detail: reason) }
        for holder in verdict.successes { add(.success, holder) }
        for (holder, reason) in verdict.followUps {
            pending.append(
                PendingReverification(
                    node: holder.node, place: place, pieceNumber: holder.number, rootPieceID: remote.rootPieceID,
                    reason: reason, isDisguised: isDisguised, insertedAt: now))
            if reason != .error { rows.append(Row(holder: holder, result: "asked again", detail: "\(reason)")) }
        }
    }

    /// Counts a lost piece and takes it out of the metadata, so that it is rebuilt and counts once only.
    mutating func add(lost holder: PieceHolder, _ detail: String, forgives: Bool) {
        removals.append(holder)
        if forgives {
            rows.append(Row(holder: holder, result: "forgiven", detail: detail))
        } else {
            add(.failure, holder, detail: detail)
        }
    }
}
