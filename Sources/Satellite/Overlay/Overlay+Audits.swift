package import Database
import Logging
package import StorageModel
import Synchronization

extension Overlay {
    /// Nodes that are asked at once and of which none can be reached: then the trouble is more likely here.
    static let nodesOfOwnTrouble = 3

    /// What one call changed of one node.
    private struct Judgement: Sendable {
        let entry: Entry
        let events: [NodeEvent.Kind]
    }

    /// Counts the outcomes of audits, and what follows for the nodes' standing.
    ///
    /// All of it is one transaction: after a crash either everything of the call is there or nothing, and there is no
    /// cache whose outcomes could be lost. Nodes that are unknown, disqualified or gone are left out.
    /// - Parameters:
    ///   - outcomes: of any nodes, in any order; a node's failures count before its successes.
    ///   - contained: nodes that owe, or do not owe any more, an answer to an audit.
    ///   - also: what else belongs into the transaction; runs in any case.
    /// - Throws: what `also` throws; `DatabaseError`.
    /// - Source: protocol document 3 §5.4.
    package func recordAudits(
        _ outcomes: [(node: NodeID, outcome: AuditOutcome)], contained: [NodeID: Bool] = [:],
        also: @escaping @Sendable (SQLSession) throws -> Void = { _ in }
    ) async throws {
        let now = clock.now()
        let counted = isOwnTrouble(outcomes, at: now) ? [] : outcomes.filter { isFair($0.outcome, at: now) }
        let grouped = Dictionary(grouping: counted, by: \.node).mapValues { Self.failuresFirst($0.map(\.outcome)) }
        let ids = Set(grouped.keys).union(contained.keys)
        let judgements = try await database.write { session in
            var judgements: [Judgement] = []
            for id in ids {
                let judgement = try self.judge(
                    id, grouped[id] ?? [], isContained: contained[id], at: now, in: session)
                if let judgement { judgements.append(judgement) }
            }
            try also(session)
            return judgements
        }
        take(judgements.map(\.entry))
        for judgement in judgements { log(judgement) }
    }

    /// Says whether a node owes an answer to an audit; unknown nodes are left out.
    ///
    /// - Throws: `DatabaseError`.
    package func setContained(_ node: NodeID, _ isContained: Bool) async throws {
        try await recordAudits([], contained: [node: isContained])
    }

    /// What audits have shown of a node; a beginner's standing when it was never audited.
    ///
    /// - Throws: `DatabaseError`.
    package func reputation(of id: NodeID) async throws -> Reputation {
        try await database.read { try Reputation.fetch(id, in: $0) } ?? Reputation(settings.reputation)
    }

    /// What audits have shown of all nodes that were audited.
    ///
    /// - Throws: `DatabaseError`.
    package func reputations() async throws -> [NodeID: Reputation] {
        try await database.read { try Reputation.fetchAll(in: $0) }
    }

    /// Judges nodes by what is known already: some of it changes by time alone.
    ///
    /// - Throws: `DatabaseError`.
    func judgeAgain(_ ids: [NodeID], at now: Timestamp) async throws {
        let judgements = try await database.write { session in
            try ids.compactMap { try self.judge($0, [], isContained: nil, at: now, in: session) }
        }
        take(judgements.map(\.entry))
        for judgement in judgements { log(judgement) }
    }

    /// Runs inside the transaction; nil when nothing of the node's record changed.
    private func judge(
        _ id: NodeID, _ outcomes: [AuditOutcome], isContained: Bool?, at now: Timestamp, in session: SQLSession
    ) throws -> Judgement? {
        guard let before = try NodeRecord.fetch(id, in: session), before.servesDownloads else { return nil }
        var node = before
        let stored = try Reputation.fetch(id, in: session)
        var reputation = stored ?? Reputation(settings.reputation)
        for outcome in outcomes { reputation.apply(outcome, at: now, settings: settings.reputation) }
        if !outcomes.isEmpty { try reputation.save(id, at: now, in: session) }
        let events = reputation.judge(&node, at: now, settings: settings.reputation)
        if let isContained { node.isContained = isContained }
        guard node != before else { return nil }
        try node.save(in: session)
        for event in events { try NodeEvent.raise(event, node: node, at: now, settings: settings, in: session) }
        return Judgement(entry: Entry(record: node, revision: nextRevision()), events: events)
    }

    /// A satellite that reaches nobody, and has heard of nobody lately, has lost its own network: that is no node's
    /// fault.
    private func isOwnTrouble(_ outcomes: [(node: NodeID, outcome: AuditOutcome)], at now: Timestamp) -> Bool {
        if outcomes.contains(where: { $0.outcome != .offline }) { noteHeard(at: now) }
        guard outcomes.count >= Self.nodesOfOwnTrouble, outcomes.allSatisfy({ $0.outcome == .offline }) else {
            return false
        }
        let heardAt = state.withLock { $0.heardAt }
        guard heardAt.map({ now.duration(since: $0) > settings.ownTroubleAfter }) ?? true else { return false }
        logger.warning("no node can be reached and none was heard of lately: nothing is held against the nodes")
        return true
    }

    /// After an absence of the satellite's own, nodes are not expected before they had time to check in.
    private func isFair(_ outcome: AuditOutcome, at now: Timestamp) -> Bool {
        outcome != .offline || !isSettling(at: now)
    }

    private static func failuresFirst(_ outcomes: [AuditOutcome]) -> [AuditOutcome] {
        outcomes.filter { $0 != .success } + outcomes.filter { $0 == .success }
    }

    private func log(_ judgement: Judgement) {
        for event in judgement.events {
            logger.info(
                "node's standing changed",
                metadata: ["node_id": "\(judgement.entry.record.id)", "event": "\(event.name)"])
        }
    }
}
