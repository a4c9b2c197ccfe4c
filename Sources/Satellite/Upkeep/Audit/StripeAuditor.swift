import ErasureCode
import Metabase
import PieceTransfer
import StorageModel
import WireMessages

/// Audits one segment: asks all holders for their shares of one random stripe and holds them against each other.
///
///     read segment ─► choose a stripe ─► ask everybody ─► read segment again ─► judge
///
/// Nothing is written here.
///
/// - Source: protocol document 3 §6.3.
struct StripeAuditor: Sendable {
    /// What an audit came to.
    enum Result: Sendable {
        /// The segment is gone, expired or on no nodes.
        case gone
        /// The segment's pieces changed while they were looked at: nothing is known.
        case changed
        case judged(StripeVerdict, AuditedSegment)
    }

    /// The segment as it was audited.
    struct AuditedSegment: Sendable {
        let segment: Segment
        let remote: RemoteSegment
        /// Pieces that their nodes have reported lost themselves.
        let confessed: [PieceHolder]
        let isDisguised: Bool
    }

    /// Bytes that are encrypted together by default: what a client that wants one byte downloads.
    private static let blockSize: Int64 = 7424

    let parts: UpkeepParts
    let settings: AuditSettings
    let store: AuditStore
    let fetch: AuditFetch

    /// Audits the segment at a place.
    ///
    /// - Parameter asksEverybody: whether silence until now says nothing: the satellite itself was away.
    /// - Throws: `DatabaseError`, `OrdersError`, `CancellationError`.
    func audit(_ place: SegmentPlace, asksEverybody: Bool) async throws -> Result {
        guard let (segment, remote) = try await parts.metabase.remoteSegment(at: place) else { return .gone }
        let holders = try await SegmentHolders(
            of: remote, in: parts.overlay, without: try await store.containedNodes(),
            at: parts.clock.now(), asksEverybody: asksEverybody)
        var random = parts.random
        let isDisguised = Double.random(in: 0..<1, using: &random) < settings.disguisedShare
        var answers = holders.offline.map { AuditAnswer($0, .offline("no contact")) }
        if holders.reachable.count >= remote.redundancy.requiredShares {
            answers += try await ask(holders, segment, remote, isDisguised: isDisguised)
        }
        try Task.checkCancellation()
        // Repair, a copy of the upload or a deletion may have made pieces garbage since.
        guard let now = try await parts.metabase.remoteSegment(at: place), now.remote == remote else { return .changed }
        let verdict = StripeVerdict(
            answers, scheme: remote.redundancy, maximumFailures: settings.maximumFailures)
        return .judged(
            verdict,
            AuditedSegment(
                segment: segment, remote: remote, confessed: holders.confessed, isDisguised: isDisguised))
    }

    private func ask(
        _ holders: SegmentHolders, _ segment: Segment, _ remote: RemoteSegment, isDisguised: Bool
    ) async throws -> [AuditAnswer] {
        let range =
            isDisguised ? blockRange(segment, remote.redundancy) : stripeRange(segment, remote.redundancy)
        let ticket = try await fetch.ticket(
            .getAudit, RemoteSegmentPlace(segment, remote), limit: Int64(range.size),
            count: holders.reachable.count, isDisguised: isDisguised)
        return try await withThrowingTaskGroup(of: AuditAnswer.self) { group in
            for (holder, node) in holders.reachable {
                group.addTask {
                    let outcome = try await fetch.share(ticket, holder, node, range)
                    return AuditAnswer(holder, outcome, size: range.size)
                }
            }
            var answers: [AuditAnswer] = []
            for try await answer in group { answers.append(answer) }
            // The order in which they came in is chance.
            return answers.sorted { $0.holder.number < $1.holder.number }
        }
    }

    /// The shares of one random stripe.
    private func stripeRange(_ segment: Segment, _ scheme: RedundancyScheme) -> AuditFetch.Range {
        let count = Self.quotientRoundedUp(max(1, segment.encryptedSize), Int64(scheme.stripeSize))
        var random = parts.random
        let index = Int64.random(in: 0..<count, using: &random)
        return AuditFetch.Range(offset: index * Int64(scheme.shareSize), size: scheme.shareSize)
    }

    /// The shares of the stripes that one random encrypted block lies in, as for somebody's ranged download.
    private func blockRange(_ segment: Segment, _ scheme: RedundancyScheme) -> AuditFetch.Range {
        let size = max(1, segment.encryptedSize)
        var random = parts.random
        let start = Int64.random(in: 0..<Self.quotientRoundedUp(size, Self.blockSize), using: &random) * Self.blockSize
        let stripe = Int64(scheme.stripeSize)
        let first = start / stripe
        let count = Self.quotientRoundedUp(min(start + Self.blockSize, size), stripe) - first
        return AuditFetch.Range(offset: first * Int64(scheme.shareSize), size: Int(count) * scheme.shareSize)
    }

    private static func quotientRoundedUp(_ number: Int64, _ divisor: Int64) -> Int64 {
        number / divisor + (number % divisor == 0 ? 0 : 1)
    }
}

extension RemoteSegmentPlace {
    /// What a download of a segment's pieces needs to know.
    init(_ segment: Segment, _ remote: RemoteSegment) {
        rootPieceID = remote.rootPieceID
        pieceSize = remote.redundancy.pieceSize(encryptedSize: segment.encryptedSize)
    }
}
