import Foundation
import Overlay
import StorageModel
import TestSupport
import Upkeep

/// Years of audits in seconds: the real rules over invented answers.
///
/// Every pass chooses three segments for every node; the segments are of equal size and never repeat, so that a node
/// that dropped a share of its bytes lacks the piece with that chance each time.
struct AuditSimulation {
    /// What a node does when it is asked for what it dropped.
    enum Excuse: String, CaseIterable, Sendable {
        case admits, silent, errs, lies
    }

    struct Node {
        var dropped = 0.0
        var excuse = Excuse.admits
        var reputation = Reputation()
        /// Outcomes that count.
        var audits = 0
        var failures = 0
        var disqualifiedAt: (audits: Int, pass: Int)?
        var owed: [Debt] = []
        var lastSuccess = -1
        var wasSuspended = false
    }

    struct Debt {
        let reason: ReverificationReason
        let isLost: Bool
        let since: Int
        var due: Int
        var tries = 0
    }

    /// Ordinary trouble of honest nodes, for each request.
    struct Trouble {
        var timeout = 0.005
        var error = 0.002
        var offline = 0.005
    }

    static let passesPerDay = 12
    /// Six hours.
    static let retryPasses = 3
    let scheme: RedundancyScheme
    let trouble: Trouble
    let settings = ReputationSettings()
    var random: RandomSource
    var nodes: [Node]
    var pass = 0

    init(nodeCount: Int, seed: UInt64, trouble: Trouble = Trouble()) {
        random = .seeded(seed)
        guard let scheme = RedundancyScheme(required: 4, repair: 6, optimal: 8, total: 10, shareSize: 16) else {
            preconditionFailure("the numbers of the development scheme are in order")
        }
        self.scheme = scheme
        self.trouble = trouble
        nodes = [Node](repeating: Node(), count: nodeCount)
    }

    /// Audits that a node with this loss takes on average until α / (α + β) ≤ 0.96; nil when it never gets there.
    static func expectedAudits(dropped: Double, settings: ReputationSettings = ReputationSettings()) -> Double? {
        let limit = 1 - settings.disqualifyingScore
        return dropped > limit ? log(1 - limit / dropped) / log(settings.lambda) : nil
    }

    /// One pass: two hours.
    mutating func run() {
        pass += 1
        for index in nodes.indices { reverify(index) }
        for index in nodes.indices where nodes[index].disqualifiedAt == nil {
            for _ in 0..<AuditSettings().segmentsPerNode { audit(segmentOf: index) }
        }
    }

    private mutating func chance(_ probability: Double) -> Bool {
        probability > 0 && Double.random(in: 0..<1, using: &random) < probability
    }

    private mutating func audit(segmentOf index: Int) {
        var others = nodes.indices.filter { $0 != index }
        others.shuffle(using: &random)
        let holders = [index] + others.prefix(scheme.optimalShares - 1)
        var answers: [AuditAnswer] = []
        var losses: [NodeID: Bool] = [:]
        var places: [NodeID: Int] = [:]
        for (number, holder) in holders.enumerated() {
            let node = nodes[holder]
            if node.disqualifiedAt != nil || node.owed.contains(where: { $0.reason == .timeout }) { continue }
            let id = Self.id(holder)
            places[id] = holder
            let isLost = chance(node.dropped)
            losses[id] = isLost
            answers.append(AuditAnswer(PieceHolder(number: number, node: id), answer(node, isLost: isLost)))
        }
        let verdict = StripeVerdict(answers, scheme: scheme, maximumFailures: AuditSettings().maximumFailures)
        for holder in verdict.failures { record(.failure, places[holder.node]) }
        for (holder, _) in verdict.errors { record(.unknown, places[holder.node]) }
        for (holder, _) in verdict.offline { record(.offline, places[holder.node]) }
        for holder in verdict.successes { record(.success, places[holder.node]) }
        for (holder, reason) in verdict.followUps {
            guard let place = places[holder.node] else { continue }
            nodes[place].owed.append(
                Debt(reason: reason, isLost: losses[holder.node] ?? false, since: pass, due: pass + 1))
        }
    }

    /// All shares of a segment of zeros are zero: a right answer costs nothing here.
    private mutating func answer(_ node: Node, isLost: Bool) -> AuditAnswer.Content {
        if chance(trouble.offline) { return .offline("") }
        if chance(trouble.timeout) { return .timedOut }
        if chance(trouble.error) { return .error("") }
        guard isLost else { return .share([UInt8](repeating: 0, count: scheme.shareSize)) }
        return switch node.excuse {
        case .admits: .notFound
        case .silent: .timedOut
        case .errs: .error("")
        case .lies: .share(random.bytes(count: scheme.shareSize))
        }
    }

    private mutating func reverify(_ index: Int) {
        var left: [Debt] = []
        for debt in nodes[index].owed {
            guard debt.due <= pass, nodes[index].disqualifiedAt == nil else {
                left.append(debt)
                continue
            }
            let ruling = ReverificationRuling(
                finding(nodes[index], debt), reason: debt.reason, tries: debt.tries,
                maximumTries: AuditSettings().maximumTries, forgives: false,
                hasServedOthers: nodes[index].lastSuccess > debt.since)
            if let outcome = ruling.outcome { record(outcome, index) }
            guard !ruling.isSettled else { continue }
            var debt = debt
            debt.tries = ruling.tries
            debt.due = pass + Self.retryPasses
            left.append(debt)
        }
        nodes[index].owed = left
    }

    private mutating func finding(_ node: Node, _ debt: Debt) -> ReverificationFinding {
        if chance(trouble.offline) { return .offline("") }
        if chance(trouble.timeout) { return .silent }
        if chance(trouble.error) { return .error("") }
        guard debt.isLost else { return .proven }
        return switch node.excuse {
        case .admits, .lies: .lost("")
        case .silent: .silent
        case .errs: .error("")
        }
    }

    private mutating func record(_ outcome: AuditOutcome, _ index: Int?) {
        guard let index, nodes[index].disqualifiedAt == nil else { return }
        nodes[index].audits += 1
        if outcome == .failure { nodes[index].failures += 1 }
        if outcome == .success { nodes[index].lastSuccess = pass }
        let now = Timestamp(microseconds: Int64(pass) * 7_200_000_000)
        nodes[index].reputation.apply(outcome, at: now, settings: settings)
        if nodes[index].reputation.unknown.score <= settings.suspendingScore { nodes[index].wasSuspended = true }
        if nodes[index].reputation.audit.score <= settings.disqualifyingScore {
            nodes[index].disqualifiedAt = (nodes[index].audits, pass)
        }
    }

    private static func id(_ index: Int) -> NodeID {
        var bytes = [UInt8](repeating: 0, count: NodeID.byteCount)
        bytes[0] = UInt8(index + 1)
        return NodeID(bytes) ?? NodeID()
    }
}
