import Identity
import Metabase
import NIOCore
import Orders
import Overlay
import PieceTransfer
import StorageModel
import WireMessages

/// The repair of one segment: read it again, fetch k proven pieces, make the missing ones, store them, and only then say so
/// in the metadata, in one step.
///
/// Wherever it is interrupted, the metadata are as they were, and pieces stored already are garbage like any other.
/// - Source: protocol document 3 §6.5.
struct RepairJob: Sendable {
    let place: SegmentPlace
    let tools: RepairTools
    /// Told what is going on, for operators.
    let report: @Sendable (RepairStep) -> Void

    private var settings: RepairSettings { tools.settings }
    private var parts: UpkeepParts { tools.parts }

    /// Repairs.
    ///
    /// - Throws: `DatabaseError`, `CancellationError`, and what means a bug.
    func run() async throws -> RepairOutcome {
        guard let (segment, remote) = try await current() else { return .gone }
        let plan = plan(segment, remote)
        guard plan.needsPieces else { return try await dropForcing(remote, plan) }
        let required = plan.threshold.required
        guard !plan.isIrreparable else {
            return .irreparable(retrievable: plan.retrievable.count, required: required)
        }
        let holders = Set(remote.pieces.map(\.node))
        let pieceSize = remote.redundancy.pieceSize(encryptedSize: segment.encryptedSize)
        guard pieceSize <= PieceFetchSettings.maximumSize else { return .failed("pieces of \(pieceSize) bytes") }
        guard !choose(1, without: holders, pieceSize, segment.placement).isEmpty else { return .noNodes }
        // Pieces and, while they are decoded, the stripes made of them.
        return try await tools.memory.with(2 * Int(pieceSize) * required) {
            report(.downloading)
            let fetched = try await download(segment, remote, plan, pieceSize: pieceSize)
            tools.tally.received(fetched.byteCount)
            if settings.countsAsAudit { try await parts.overlay.recordAudits(fetched.outcomes) }
            guard fetched.pieces.count == required else {
                return .notEnoughPieces(received: fetched.pieces.count, required: required, problems: fetched.problems)
            }
            report(.uploading)
            let rest = self.plan(segment, remote, without: fetched.bad)
            let stored = try await push(fetched.pieces, segment, remote, rest, pieceSize: pieceSize)
            return try await commit(remote, stored, bad: fetched.bad, healthyBefore: plan.healthyCount)
        }
    }

    private func current() async throws -> (segment: Segment, remote: RemoteSegment)? {
        guard let found = try await parts.metabase.remoteSegment(at: place) else { return nil }
        if let end = found.segment.expiresAt, end <= parts.clock.now() { return nil }
        return found
    }

    private func plan(
        _ segment: Segment, _ remote: RemoteSegment, without bad: Set<PieceHolding> = []
    ) -> RepairPlan {
        RepairPlan(
            remote.pieces, placement: segment.placement, without: bad,
            threshold: settings.threshold(remote.redundancy, placement: segment.placement),
            classifier: parts.overlay.classifier())
    }

    /// Nothing is to be repaired; only what must not lie where it lies goes.
    private func dropForcing(_ remote: RemoteSegment, _ plan: RepairPlan) async throws -> RepairOutcome {
        let pieces = plan.result(storing: [])
        let removed = remote.pieces.count - pieces.count
        if removed == 0 { return .notNeeded(removed: 0) }
        let isDone = try await parts.metabase.updatePieces(
            of: place.stream, at: place.position, expecting: remote, to: pieces)
        return isDone ? .notNeeded(removed: removed) : .changed
    }

    // MARK: Fetching

    private func download(
        _ segment: Segment, _ remote: RemoteSegment, _ plan: RepairPlan, pieceSize: Int64
    ) async throws -> RepairDownload.Result {
        let key = PieceKey.generate(random: parts.random)
        let terms = terms(.getRepair, segment, remote, key, pieceSize)
        let classifier = parts.overlay.classifier()
        var random = parts.random
        // Whoever owes an answer already is asked last.
        let (ready, owing) = plan.retrievable.shuffled(using: &random).partitioned {
            !classifier.condition(of: $0.piece.node).isContained
        }
        let sources = try (ready + owing).compactMap { piece, _ -> RepairDownload.Source? in
            guard let node = parts.overlay.node(piece.node) else { return nil }
            let limit = try parts.issuer.limit(terms, node: node.id, pieceNumber: piece.number)
            return RepairDownload.Source(
                piece: piece, limit: AddressedLimit(limit: limit, node: NodeURL(id: node.id, address: node.address)))
        }
        let download = RepairDownload(
            fetch: tools.fetch, key: key, pieceSize: pieceSize, satellite: parts.identity,
            hashAlgorithm: PieceHashAlgorithm(rawValue: remote.hashAlgorithm), bandwidth: tools.bandwidth,
            sleeper: parts.sleeper, patience: settings.patience)
        return try await download.run(sources, count: remote.redundancy.requiredShares)
    }

    private func terms(
        _ action: PieceAction, _ segment: Segment, _ remote: RemoteSegment, _ key: PieceKey, _ pieceSize: Int64
    ) -> OrderTerms {
        OrderTerms(
            action: action, limit: pieceSize, rootPieceID: remote.rootPieceID, uplinkPublicKey: key.publicKey,
            pieceExpiration: segment.expiresAt, metadata: nil, now: parts.clock.now(), random: parts.random)
    }

    // MARK: Storing

    /// Makes the missing pieces and stores them on nodes that have none of the segment.
    private func push(
        _ pieces: [(number: Int, bytes: ByteBuffer)], _ segment: Segment, _ remote: RemoteSegment, _ plan: RepairPlan,
        pieceSize: Int64
    ) async throws -> PiecePushReport {
        let holders = Set(remote.pieces.map(\.node))
        let numbers = plan.freeNumbers.prefix(plan.offerCount(excess: settings.excess))
        let nodes = choose(numbers.count, without: holders, pieceSize, segment.placement)
        guard plan.goal > 0, !nodes.isEmpty else { return PiecePushReport(stored: [], failures: []) }
        let key = PieceKey.generate(random: parts.random)
        let terms = terms(.putRepair, segment, remote, key, pieceSize)
        var limits = [AddressedLimit?](repeating: nil, count: remote.redundancy.totalShares)
        for (number, node) in zip(numbers, nodes) {
            let limit = try parts.issuer.limit(terms, node: node.id, pieceNumber: number)
            limits[number] = AddressedLimit(limit: limit, node: NodeURL(id: node.id, address: node.address))
        }
        let buffer = try await SegmentRebuild.buffer(
            pieces, pieceSize: Int(pieceSize), scheme: remote.redundancy, memory: tools.transferMemory)
        let goal = min(plan.goal, nodes.count)
        try await tools.bandwidth.take(pieceSize * Int64(goal))
        let report = try await tools.push.push(
            buffer, limits: limits, key: key, goal: goal, within: settings.pushTime)
        tools.tally.sent(pieceSize * Int64(report.stored.count))
        parts.overlay.recordUpload(succeeded: report.stored.map(\.node), failed: report.failures.map(\.node))
        return report
    }

    /// Nodes for new pieces, as many of `count` as there are.
    private func choose(
        _ count: Int, without holders: Set<NodeID>, _ pieceSize: Int64, _ placement: Int32
    ) -> [SelectedNode] {
        var count = count
        while count > 0 {
            do {
                return try parts.overlay.selectForUpload(
                    count: count, excluding: holders, pieceSize: pieceSize, placement: placement)
            } catch .notEnoughNodes(_, let found) {
                // Some new pieces are better than none.
                count = min(found, count - 1)
            } catch {
                return []
            }
        }
        return []
    }

    // MARK: Saying so

    /// How often the segment is read again because somebody else changes it at the same time.
    private static let maximumRaces = 5

    /// Puts the new pieces into the metadata and takes out what is replaced or bad; judges by what is true now.
    private func commit(
        _ original: RemoteSegment, _ report: PiecePushReport, bad: Set<PieceHolding>, healthyBefore: Int
    ) async throws -> RepairOutcome {
        let isBlake3 = original.hashAlgorithm == PieceHashAlgorithm.blake3.rawValue
        let new = report.stored.map {
            SegmentPiece(number: $0.number, node: $0.node, hash: isBlake3 ? Bytes32($0.hash.hash) : nil)
        }
        for _ in 0..<Self.maximumRaces {
            try Task.checkCancellation()
            guard let (segment, remote) = try await current() else { return .gone }
            guard remote.rootPieceID == original.rootPieceID, remote.redundancy == original.redundancy,
                remote.hashAlgorithm == original.hashAlgorithm
            else { return .changed }
            let plan = plan(segment, remote, without: bad)
            let fitting = plan.fitting(new)
            let pieces = plan.result(storing: fitting)
            if pieces == remote.pieces { return .notStored(problems: report.failures.map(\.description)) }
            let isDone = try await parts.metabase.updatePieces(
                of: place.stream, at: place.position, expecting: remote, to: pieces,
                repairedAt: fitting.isEmpty ? nil : parts.clock.now())
            guard isDone else { continue }
            if fitting.isEmpty { return .notStored(problems: report.failures.map(\.description)) }
            let kept = Set(pieces.map(PieceHolding.init))
            let after = plan.healthyCount + fitting.count
            return .repaired(
                RepairedPieces(
                    added: fitting.count,
                    removed: remote.pieces.reduce(0) { $0 + (kept.contains(PieceHolding($1)) ? 0 : 1) },
                    bad: bad.count, healthyBefore: healthyBefore, healthyAfter: after,
                    retrievableAfter: fitting.count
                        + plan.retrievable.reduce(0) { $0 + (kept.contains(PieceHolding($1.piece)) ? 1 : 0) },
                    optimal: plan.threshold.optimal, needsMore: plan.threshold.isReached(healthyCount: after)))
        }
        return .changed
    }
}

extension Array {
    /// Those that fulfil a condition, and the others, in their order.
    fileprivate func partitioned(_ condition: (Element) -> Bool) -> (matching: [Element], others: [Element]) {
        (filter(condition), filter { !condition($0) })
    }
}
