import Database
import Identity
import Overlay
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct AuditRecordTests {
    private struct Interruption: Error {}

    /// A satellite with nodes that have checked in.
    private func network(_ nodes: Int, _ settings: OverlaySettings = SmallNetwork.localSettings) async throws -> (
        net: SmallNetwork, nodes: [NodeID]
    ) {
        let net = try await SmallNetwork(settings)
        var ids: [NodeID] = []
        for port in 1001..<1001 + nodes {
            let node = net.startNode(port: port)
            try await net.checkIn(node, SmallNetwork.request(port: port))
            ids.append(node.id)
        }
        return (net, ids)
    }

    private func record(_ net: SmallNetwork, _ node: NodeID, _ outcome: AuditOutcome, _ count: Int = 1) async throws {
        for _ in 0..<count { try await net.overlay.recordAudits([(node, outcome)]) }
    }

    @Test func `a node that fails forty-one audits is disqualified and its pieces are lost`() async throws {
        let (net, nodes) = try await network(2)
        try await record(net, nodes[0], .failure, 40)
        #expect(net.overlay.record(of: nodes[0])?.disqualifiedAt == nil)
        try await record(net, nodes[0], .failure)
        let record = try #require(net.overlay.record(of: nodes[0]))
        #expect(record.disqualifiedAt == net.clock.now)
        #expect(record.disqualificationReason == .auditFailure)
        #expect(net.overlay.selectForDownload(among: nodes).map(\.id) == [nodes[1]])
        let states = net.overlay.classifier().classify([(1, nodes[0]), (2, nodes[1])], placement: 0)
        #expect(states.states.map(\.state) == [.lost, .healthy])
        #expect(try await net.overlay.nodeEvents(of: nodes[0]).map(\.kind) == [.disqualified])
    }

    @Test func `audits of a disqualified node and of a stranger change nothing`() async throws {
        let (net, nodes) = try await network(1)
        try await net.overlay.disqualify(nodes[0], reason: .unknown)
        try await record(net, nodes[0], .failure)
        try await record(net, NodeIdentity.generate(random: net.random).id, .failure)
        #expect(try await net.overlay.reputations().isEmpty)
    }

    @Test func `unknown errors suspend, success lifts it, and both are told once`() async throws {
        let (net, nodes) = try await network(1)
        try await record(net, nodes[0], .success, 20)
        try await record(net, nodes[0], .unknown, 12)
        #expect(net.overlay.record(of: nodes[0])?.unknownAuditSuspendedAt != nil)
        #expect(throws: OverlayError.self) { try net.overlay.selectForUpload(count: 1) }
        #expect(net.overlay.selectForDownload(among: nodes).count == 1)
        let states = net.overlay.classifier().classify([(1, nodes[0])], placement: 0)
        #expect(states.states.map(\.state) == [.suspended])
        #expect(states.retrievableCount == 1)
        try await record(net, nodes[0], .success, 20)
        #expect(net.overlay.record(of: nodes[0])?.unknownAuditSuspendedAt == nil)
        #expect(try net.overlay.selectForUpload(count: 1).count == 1)
        #expect(
            try await net.overlay.nodeEvents(of: nodes[0]).map(\.kind) == [.unsuspendedForErrors, .suspendedForErrors])
    }

    @Test func `a lasting suspension disqualifies only where the operator says so`() async throws {
        for isEnabled in [false, true] {
            var settings = SmallNetwork.localSettings
            settings.reputation.disqualifiesSuspended = isEnabled
            let (net, nodes) = try await network(1, settings)
            try await record(net, nodes[0], .unknown, 5)
            net.clock.advance(by: .seconds(8 * 86400))
            try await record(net, nodes[0], .unknown)
            let record = try #require(net.overlay.record(of: nodes[0]))
            #expect((record.disqualifiedAt != nil) == isEnabled)
            #expect(record.disqualificationReason == (isEnabled ? .suspension : nil))
        }
    }

    @Test func `a node proves itself by a hundred audits and three weeks, not by one of them`() async throws {
        let (net, nodes) = try await network(2)
        try await record(net, nodes[0], .success, 100)
        #expect(net.overlay.record(of: nodes[0])?.vettedAt == nil)
        net.clock.advance(by: .seconds(504 * 3600))
        try await record(net, nodes[1], .success, 99)
        #expect(net.overlay.record(of: nodes[1])?.vettedAt == nil)
        for node in nodes { try await record(net, node, .success) }
        #expect(nodes.allSatisfy { net.overlay.record(of: $0)?.vettedAt == net.clock.now })
    }

    @Test func `a node that is offline too often is reviewed, suspended, forgiven and cleared`() async throws {
        let (net, nodes) = try await network(2)
        let window = ReputationSettings().onlineWindowLength
        func live(_ windows: Int, _ outcome: AuditOutcome) async throws {
            for _ in 0..<windows {
                try await net.overlay.recordAudits([(nodes[0], outcome), (nodes[1], .success)])
                net.clock.advance(by: window)
            }
        }
        try await live(60, .offline)
        #expect(net.overlay.record(of: nodes[0])?.underReviewAt == nil)
        try await live(1, .offline)
        let reviewed = try #require(net.overlay.record(of: nodes[0]))
        #expect(reviewed.underReviewAt != nil)
        #expect(reviewed.offlineSuspendedAt != nil)
        try await live(40, .success)
        let better = try #require(net.overlay.record(of: nodes[0]))
        #expect(better.underReviewAt != nil)
        #expect(better.offlineSuspendedAt == nil)
        try await live(40, .success)
        let cleared = try #require(net.overlay.record(of: nodes[0]))
        #expect(cleared.underReviewAt == nil)
        #expect(cleared.disqualifiedAt == nil)
        #expect(
            try await net.overlay.nodeEvents(of: nodes[0]).map(\.kind) == [
                .unsuspendedForAbsence, .suspendedForAbsence,
            ])
        #expect(net.overlay.record(of: nodes[1])?.underReviewAt == nil)
    }

    @Test func `a node that stays away through its review is disqualified only where the operator says so`()
        async throws
    {
        for isEnabled in [false, true] {
            var settings = SmallNetwork.localSettings
            settings.reputation.disqualifiesOffline = isEnabled
            let (net, nodes) = try await network(2, settings)
            for _ in 0..<140 {
                try await net.overlay.recordAudits([(nodes[0], .offline), (nodes[1], .success)])
                net.clock.advance(by: settings.reputation.onlineWindowLength)
            }
            #expect(net.overlay.record(of: nodes[0])?.disqualificationReason == (isEnabled ? .offline : nil))
        }
    }

    @Test func `when nobody can be reached and nobody was heard of, it is the satellite's own trouble`() async throws {
        let (net, nodes) = try await network(5)
        let silence = nodes.map { (node: $0, outcome: AuditOutcome.offline) }
        try await net.overlay.recordAudits(silence)
        #expect(try await net.overlay.reputations().count == 5, "check-ins were just heard, so the silence is theirs")
        net.clock.advance(by: .seconds(2 * 3600))
        try await net.overlay.recordAudits(silence)
        #expect(try await net.overlay.reputation(of: nodes[0]).totalAudits == 1)
        try await net.overlay.recordAudits(silence.dropLast() + [(nodes[4], .success)])
        #expect(try await net.overlay.reputation(of: nodes[0]).totalAudits == 2)
    }

    @Test func `interrupted: what was to be written with audits fails, and no audit counts`() async throws {
        let (net, nodes) = try await network(1)
        await #expect(throws: Interruption.self) {
            try await net.overlay.recordAudits(
                [(nodes[0], .failure)], contained: [nodes[0]: true], also: { _ in throw Interruption() })
        }
        #expect(try await net.overlay.reputations().isEmpty)
        #expect(net.overlay.record(of: nodes[0])?.isContained == false)
        try await net.overlay.recordAudits([(nodes[0], .failure)])
        #expect(try await net.overlay.reputation(of: nodes[0]).totalAudits == 1)
    }

    @Test func `reputation, containment and standing survive a restart`() async throws {
        let (net, nodes) = try await network(2)
        try await net.overlay.recordAudits([(nodes[0], .failure), (nodes[0], .success), (nodes[1], .offline)])
        try await net.overlay.setContained(nodes[0], true)
        try await record(net, nodes[1], .unknown, 3)
        let again = try await SmallNetwork(SmallNetwork.localSettings, database: net.database)
        #expect(again.overlay.nodes() == net.overlay.nodes())
        #expect(again.overlay.record(of: nodes[0])?.isContained == true)
        #expect(try await again.overlay.reputations() == net.overlay.reputations())
        try await again.overlay.setContained(nodes[0], false)
        #expect(again.overlay.record(of: nodes[0])?.isContained == false)
    }

    @Test func `of one call a node's failure counts before its success`() async throws {
        let (net, nodes) = try await network(1)
        try await net.overlay.recordAudits([(nodes[0], .success), (nodes[0], .failure)])
        var expected = Reputation()
        for outcome in [AuditOutcome.failure, .success] {
            expected.apply(outcome, at: net.clock.now, settings: ReputationSettings())
        }
        #expect(try await net.overlay.reputation(of: nodes[0]) == expected)
    }

    @Test func `a node reads its real standing`() async throws {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        let node = net.startNode(port: 1001)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        try await net.overlay.recordAudits([(node.id, .failure), (node.id, .unknown), (node.id, .success)])
        net.clock.advance(by: .seconds(12 * 3600))
        try await record(net, node.id, .offline, 2)
        let stats = try await net.call(node, NodeStatsMethods.getStats, NodeStats_GetStatsRequest())
        #expect(stats.auditCheck.totalCount == 5)
        #expect(stats.auditCheck.successCount == 1)
        #expect(stats.auditCheck.reputationBeta == 0.999)
        #expect(stats.auditCheck.reputationScore < 1)
        #expect(stats.auditCheck.unknownReputationScore < 1)
        #expect(stats.hasSuspended == (net.overlay.record(of: node.id)?.unknownAuditSuspendedAt != nil))
        #expect(stats.auditHistory.windows.map(\.totalCount) == [3, 2])
        #expect(stats.auditHistory.windows.map(\.onlineCount) == [3, 0])
        #expect(stats.onlineScore == 1)
    }
}
