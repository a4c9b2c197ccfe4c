import Database
import Foundation
import Identity
import Overlay
import StorageModel
import TestSupport
import Testing
import WireMessages

/// Nodes that lie, crowd, vanish or have a wrong clock, and a satellite that was away: what happens to them, and that
/// nobody pays for another's fault.
@Suite struct BadNodesTests {
    private static let day = Duration.seconds(86400)

    private func network(
        _ count: Int, database: Database? = nil, _ change: (inout OverlaySettings) -> Void = { _ in }
    ) async throws -> (net: SmallNetwork, nodes: [NodeIdentity]) {
        var settings = SmallNetwork.localSettings
        settings.checkInBurst = 10_000
        change(&settings)
        let net = try await SmallNetwork(settings, database: database)
        var nodes: [NodeIdentity] = []
        for index in 0..<count {
            let node = net.startNode(port: 1001 + index)
            try await net.checkIn(node, SmallNetwork.request(port: 1001 + index))
            nodes.append(node)
        }
        return (net, nodes)
    }

    // MARK: Over-reported space

    @Test func `over-reported space: a node that claims all space there is gets no more pieces than others`()
        async throws
    {
        let (net, nodes) = try await network(19)
        let liar = net.startNode(port: 2001)
        try await net.checkIn(liar, SmallNetwork.request(port: 2001, freeDisk: .max))
        var chosen: [NodeID: Int] = [:]
        for _ in 0..<1000 {
            for node in try net.overlay.selectForUpload(count: 5) { chosen[node.id, default: 0] += 1 }
        }
        // Each of 20 nodes is expected 250 times; five standard deviations are 70.
        #expect(abs(chosen[liar.id, default: 0] - 250) < 70)
        #expect(nodes.allSatisfy { abs(chosen[$0.id, default: 0] - 250) < 70 })
    }

    @Test func `over-reported space: a full node that refuses uploads is chosen seldom, and not punished otherwise`()
        async throws
    {
        let (net, nodes) = try await network(19)
        let full = net.startNode(port: 2001)
        try await net.checkIn(full, SmallNetwork.request(port: 2001, freeDisk: .max))
        for _ in 0..<50 { net.overlay.recordUpload(succeeded: nodes.map(\.id), failed: [full.id]) }
        var chosen = 0
        for _ in 0..<1000 where try net.overlay.selectForUpload(count: 5).contains(where: { $0.id == full.id }) {
            chosen += 1
        }
        #expect(chosen < 20)
        #expect(net.overlay.record(of: full.id)?.acceptsUploads == true)
        #expect(try await net.overlay.reputations().isEmpty)
    }

    // MARK: Two nodes in one place

    private func request(_ address: String) -> Node_CheckInRequest {
        var request = SmallNetwork.request(port: 1)
        request.address = address
        return request
    }

    /// Three nodes, two of them in one /24.
    private func crowd() async throws -> (net: SmallNetwork, nodes: [NodeIdentity]) {
        let (net, _) = try await network(0) { $0.distinctSubnet = true }
        var nodes: [NodeIdentity] = []
        for address in ["127.1.1.1:1", "127.1.1.2:1", "127.1.2.1:1"] {
            let node = NodeIdentity.generate(random: net.random)
            net.serve(node, address: address)
            try await net.checkIn(node, request(address))
            nodes.append(node)
        }
        return (net, nodes)
    }

    @Test func `two nodes in one subnet or on one disk: never both get a piece of a segment`() async throws {
        let (net, nodes) = try await crowd()
        for _ in 0..<100 {
            let chosen = Set(try net.overlay.selectForUpload(count: 2).map(\.id))
            #expect(!chosen.isSuperset(of: [nodes[0].id, nodes[1].id]))
        }
        #expect(throws: OverlayError.notEnoughNodes(wanted: 3, found: 2)) {
            try net.overlay.selectForUpload(count: 3)
        }
        #expect(throws: OverlayError.notEnoughNodes(wanted: 2, found: 1)) {
            try net.overlay.selectForUpload(count: 2, excluding: [nodes[0].id])
        }
    }

    @Test func `a node that moves into another's subnet leaves one of both pieces healthy`() async throws {
        let (net, nodes) = try await crowd()
        let pieces = [(number: 0, node: nodes[0].id), (number: 1, node: nodes[2].id)]
        #expect(net.overlay.classifier().classify(pieces, placement: 0).healthyCount == 2)
        net.serve(nodes[2], address: "127.1.1.9:1")
        try await net.checkIn(nodes[2], request("127.1.1.9:1"))
        let after = net.overlay.classifier().classify(pieces, placement: 0)
        #expect(after.states.map(\.state) == [.healthy, .clumped])
        #expect(after.retrievableCount == 2)
        #expect(net.overlay.record(of: nodes[2].id)?.acceptsUploads == true)
    }

    @Test func `two nodes on one disk that fails: each pays for its own pieces, the neighbour elsewhere for none`()
        async throws
    {
        let (net, nodes) = try await crowd()
        for _ in 0..<41 {
            try await net.overlay.recordAudits([
                (nodes[0].id, .failure), (nodes[1].id, .failure), (nodes[2].id, .success),
            ])
        }
        #expect(nodes.map { net.overlay.record(of: $0.id)?.disqualifiedAt != nil } == [true, true, false])
    }

    // MARK: Clocks

    @Test func `a node whose clock is off by an hour checks in as any other`() async throws {
        let (net, nodes) = try await network(1)
        var request = SmallNetwork.request(port: 1001)
        request.version.timestamp = Wire_Timestamp(net.clock.now.advanced(by: .seconds(3600)))
        #expect(try await net.checkIn(nodes[0], request).pingNodeSuccess)
        let answer = try await net.call(nodes[0], NodeMethods.getTime, Node_GetTimeRequest())
        #expect(answer.timestamp == Wire_Timestamp(net.clock.now))
    }

    @Test func `a satellite whose clock ran an hour ahead and is set right loses no node`() async throws {
        let (net, nodes) = try await network(2)
        net.clock.advance(by: .seconds(3600))
        for (index, node) in nodes.enumerated() {
            try await net.checkIn(node, SmallNetwork.request(port: 1001 + index))
        }
        net.clock.advance(by: .seconds(-3600))
        try await net.trigger("node-watch")
        try await net.trigger("stray-nodes")
        #expect(nodes.allSatisfy { node in net.overlay.record(of: node.id).map(net.overlay.isOnline) == true })
        try await net.overlay.recordAudits(nodes.map { (node: $0.id, outcome: AuditOutcome.success) })
        #expect(try await net.overlay.reputations().values.allSatisfy { $0.history.score == 1 })
        #expect(try await net.overlay.nodeEvents().isEmpty)
    }

    @Test func `a satellite's clock that jumps by an hour suspends nobody`() async throws {
        let (net, nodes) = try await network(2)
        for step in 0..<400 {
            net.clock.advance(by: step % 2 == 0 ? .seconds(4 * 3600) : .seconds(-3600))
            try await net.overlay.recordAudits([(nodes[0].id, .success), (nodes[1].id, .success)])
        }
        #expect(nodes.allSatisfy { net.overlay.record(of: $0.id)?.underReviewAt == nil })
        #expect(try await net.overlay.reputation(of: nodes[0].id).history.score == 1)
    }

    // MARK: Stray nodes and a satellite that was away

    /// Lets time pass for a satellite that is there, with some nodes checking in.
    private func live(_ net: SmallNetwork, days: Int, _ present: [(node: NodeIdentity, port: Int)]) async throws {
        for _ in 0..<days * 24 {
            net.clock.advance(by: .seconds(3600))
            for (node, port) in present { try await net.checkIn(node, SmallNetwork.request(port: port)) }
            try await net.trigger("node-watch")
        }
    }

    @Test func `a node that is silent for thirty days is out, one that is back in time is not`() async throws {
        let (net, nodes) = try await network(3)
        try await live(net, days: 29, [(nodes[0], 1001)])
        try await net.checkIn(nodes[1], SmallNetwork.request(port: 1002))
        try await live(net, days: 2, [(nodes[0], 1001)])
        try await net.trigger("stray-nodes")
        #expect(net.overlay.record(of: nodes[0].id)?.disqualifiedAt == nil)
        #expect(net.overlay.record(of: nodes[1].id)?.disqualifiedAt == nil)
        #expect(net.overlay.record(of: nodes[2].id)?.disqualificationReason == .offline)
        #expect(try await net.overlay.nodeEvents(of: nodes[2].id).first?.kind == .disqualified)
    }

    @Test func `a satellite restored from an old backup: standing goes back, and nobody is disqualified for it`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let live = folder.appending(path: "live.db").path
            let backup = folder.appending(path: "backup.db").path
            let database = try Database.open(.file(path: live))
            let (net, nodes) = try await network(4, database: database)
            for _ in 0..<30 { try await net.overlay.recordAudits([(nodes[0].id, .failure)]) }
            for ending in ["", "-wal"] where FileManager.default.fileExists(atPath: live + ending) {
                try FileManager.default.copyItem(atPath: live + ending, toPath: backup + ending)
            }
            for _ in 0..<30 { try await net.overlay.recordAudits([(nodes[0].id, .failure)]) }
            #expect(net.overlay.record(of: nodes[0].id)?.disqualifiedAt != nil)
            try database.close()

            let clock = TestClock(start: net.clock.now.advanced(by: Self.day * 45))
            let restored = try await SmallNetwork(
                SmallNetwork.localSettings, database: Database.open(.file(path: backup)), clock: clock)
            #expect(try await restored.overlay.reputation(of: nodes[0].id).totalAudits == 30)
            try await restored.trigger("stray-nodes")
            try await restored.trigger("node-watch")
            #expect(restored.overlay.nodes().allSatisfy { $0.disqualifiedAt == nil })
            #expect(try await restored.overlay.nodeEvents().isEmpty)
            // Nobody had time to check in: nobody is blamed, and no piece is given up.
            for _ in 0..<100 {
                try await restored.overlay.recordAudits(nodes.map { (node: $0.id, outcome: AuditOutcome.offline) })
            }
            #expect(try await restored.overlay.reputation(of: nodes[1].id).totalAudits == 0)
            let pieces = nodes.enumerated().map { (number: $0.offset, node: $0.element.id) }
            #expect(restored.overlay.classifier().classify(pieces, placement: 0).healthyCount == 4)
            // Customers need not wait for check-ins either.
            #expect(restored.overlay.selectForDownload(among: nodes.map(\.id)).count == 4)
            #expect(try restored.overlay.selectForUpload(count: 4).count == 4)
            // After two hours who has not checked in is offline, as ever.
            restored.serve(nodes[1], port: 1002)
            try await restored.checkIn(nodes[1], SmallNetwork.request(port: 1002))
            restored.clock.advance(by: .seconds(2 * 3600))
            let states = restored.overlay.classifier().classify(pieces, placement: 0).states.map(\.state)
            #expect(states == [.offline, .healthy, .offline, .offline])
            #expect(restored.overlay.selectForDownload(among: nodes.map(\.id)).map(\.id) == [nodes[1].id])
            #expect(try restored.overlay.selectForUpload(count: 1).map(\.id) == [nodes[1].id])
        }
    }

    @Test func `a satellite that was off for two months finds its nodes as they were`() async throws {
        let (net, nodes) = try await network(3)
        let later = TestClock(start: net.clock.now.advanced(by: Self.day * 60))
        let again = try await SmallNetwork(SmallNetwork.localSettings, database: net.database, clock: later)
        try await again.trigger("stray-nodes")
        #expect(again.overlay.nodes().allSatisfy { $0.disqualifiedAt == nil })
        for _ in 0..<29 * 24 {
            again.clock.advance(by: .seconds(3600))
            try await again.trigger("node-watch")
        }
        try await again.trigger("stray-nodes")
        #expect(again.overlay.nodes().allSatisfy { $0.disqualifiedAt == nil })
        for _ in 0..<2 * 24 {
            again.clock.advance(by: .seconds(3600))
            try await again.trigger("node-watch")
        }
        try await again.trigger("stray-nodes")
        #expect(nodes.allSatisfy { again.overlay.record(of: $0.id)?.disqualificationReason == .offline })
    }

    @Test func `a satellite that sleeps without stopping holds nobody's silence against him either`() async throws {
        let (net, _) = try await network(3)
        try await net.trigger("node-watch")
        net.clock.advance(by: Self.day * 40)
        try await net.trigger("node-watch")
        try await net.trigger("stray-nodes")
        #expect(net.overlay.nodes().allSatisfy { $0.disqualifiedAt == nil })
        #expect(try await net.overlay.nodeEvents().isEmpty)
    }
}
