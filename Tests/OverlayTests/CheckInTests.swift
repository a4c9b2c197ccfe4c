import DRPC
import Database
import Foundation
import Identity
import Overlay
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct CheckInTests {
    private func code(_ body: () async throws -> Void) async -> RPCStatusCode? {
        do { try await body() } catch { return (error as? RPCStatusError)?.code }
        return nil
    }

    @Test func `ten nodes of one machine check in and are chosen for ten pieces`() async throws {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        var ids: Set<NodeID> = []
        for port in 1001...1010 {
            let node = net.startNode(port: port)
            let response = try await net.checkIn(node, SmallNetwork.request(port: port))
            #expect(response.pingNodeSuccess, "\(response.pingErrorMessage)")
            #expect(response.nodeTagSuccess)
            #expect(!response.pingNodeSuccessQuic)
            #expect(response.hashstoreSettings.writeToNew)
            ids.insert(node.id)
        }
        let chosen = try net.overlay.selectForUpload(count: 10)
        #expect(Set(chosen.map(\.id)) == ids)
        #expect(Set(chosen.map(\.address)) == Set((1001...1010).map { "127.0.0.1:\($0)" }))
        #expect(Set(net.overlay.selectForDownload(among: ids).map(\.id)) == ids)
        #expect(throws: OverlayError.notEnoughNodes(wanted: 11, found: 10)) {
            try net.overlay.selectForUpload(count: 11)
        }
        #expect(throws: OverlayError.notEnoughNodes(wanted: 1, found: 0)) {
            try net.overlay.selectForUpload(count: 1, pieceSize: 2_000_000)
        }
    }

    @Test func `a node that does not answer the ping is told so and not stored`() async throws {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        let node = NodeIdentity.generate(random: net.random)
        let response = try await net.checkIn(node, SmallNetwork.request(port: 1001))
        #expect(!response.pingNodeSuccess)
        #expect(!response.pingErrorMessage.isEmpty)
        #expect(net.overlay.nodes().isEmpty)
    }

    @Test func `another node at the address does not pass for the one that checks in`() async throws {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        _ = net.startNode(port: 1001)
        let liar = NodeIdentity.generate(random: net.random)
        #expect(try await !net.checkIn(liar, SmallNetwork.request(port: 1001)).pingNodeSuccess)
        #expect(net.overlay.nodes().isEmpty)
    }

    @Test func `all facts survive a restart`() async throws {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        let node = net.startNode(port: 1001)
        var request = SmallNetwork.request(port: 1001)
        request.operator.walletFeatures = ["zksync", "with,comma", "much-too-long-for-it"]
        request.features = UInt64.max
        request.debounceLimit = 3
        request.version.commitHash = "abcdef"
        request.version.timestamp = Wire_Timestamp(net.clock.now)
        try await net.checkIn(node, request)
        let record = try #require(net.overlay.record(of: node.id))
        #expect(record.walletFeatures == ["zksync"])
        #expect(record.features == UInt64.max)
        #expect(record.version.description == "v3.0.1")
        #expect(record.version.builtAt == net.clock.now)
        #expect(record.lastContactSuccess == net.clock.now)
        let again = try await SmallNetwork(SmallNetwork.localSettings, database: net.database)
        #expect(again.overlay.nodes() == [record])
        #expect(try await again.overlay.identity(of: node.id) == node.peer)
    }

    @Test func `a silent node gets no pieces and no downloads after the window, until it checks in again`() async throws
    {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        let node = net.startNode(port: 1001)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        net.clock.advance(by: .seconds(4 * 3600 - 1))
        #expect(net.overlay.selectForDownload(among: [node.id]).count == 1)
        net.clock.advance(by: .seconds(1))
        #expect(net.overlay.selectForDownload(among: [node.id]).isEmpty)
        #expect(throws: OverlayError.self) { try net.overlay.selectForUpload(count: 1) }
        #expect(net.overlay.node(node.id)?.address == "127.0.0.1:1001")
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        #expect(try net.overlay.selectForUpload(count: 1).count == 1)
    }

    @Test func `a known node that is down keeps its record and notes the failure`() async throws {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        let node = net.startNode(port: 1001)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        let success = net.clock.now
        net.stopNode(port: 1001)
        net.clock.advance(by: .seconds(700))
        #expect(try await !net.checkIn(node, SmallNetwork.request(port: 1001)).pingNodeSuccess)
        let record = try #require(net.overlay.record(of: node.id))
        #expect(record.lastContactSuccess == success)
        #expect(record.lastContactFailure == net.clock.now)
    }

    @Test func `a third check-in in ten minutes is refused as too many`() async throws {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        let node = net.startNode(port: 1001)
        for _ in 0..<2 { try await net.checkIn(node, SmallNetwork.request(port: 1001)) }
        #expect(await code { try await net.checkIn(node, SmallNetwork.request(port: 1001)) } == .resourceExhausted)
    }

    @Test func `refusals have their codes`() async throws {
        var settings = SmallNetwork.localSettings
        settings.minimumDifficulty = 255
        settings.checkInBurst = 100
        var net = try await SmallNetwork(settings)
        let weak = net.startNode(port: 1001)
        #expect(await code { try await net.checkIn(weak, SmallNetwork.request(port: 1001)) } == .failedPrecondition)
        settings.minimumDifficulty = 0
        settings.allowPrivateAddresses = false
        net = try await SmallNetwork(settings)
        let node = net.startNode(port: 1001)
        #expect(await code { try await net.checkIn(node, SmallNetwork.request(port: 1001)) } == .invalidArgument)
        var request = SmallNetwork.request(port: 1001)
        request.address = "no port"
        #expect(await code { try await net.checkIn(node, request) } == .invalidArgument)
        request = SmallNetwork.request(port: 1001, freeDisk: -1)
        #expect(await code { try await net.checkIn(node, request) } == .invalidArgument)
        request = SmallNetwork.request(port: 1001)
        request.version.version = "new"
        #expect(await code { try await net.checkIn(node, request) } == .invalidArgument)
        let anonymous = await code {
            _ = try await net.call(nil, NodeMethods.checkIn, SmallNetwork.request(port: 1001))
        }
        #expect(anonymous == .unauthenticated)
        let exit = await code {
            _ = try await net.call(
                node, GracefulExitMethods.feasibility, GracefulExit_GracefulExitFeasibilityRequest())
        }
        #expect(exit == .notFound)
    }

    @Test func `a ping round leaves dead nodes out until they answer, and blames itself when all are silent`()
        async throws
    {
        var settings = SmallNetwork.localSettings
        settings.livenessInterval = .seconds(2)
        let net = try await SmallNetwork(settings)
        var nodes: [NodeIdentity] = []
        for port in 1001...1003 {
            nodes.append(net.startNode(port: port))
            try await net.checkIn(nodes[nodes.count - 1], SmallNetwork.request(port: port))
        }
        let ids = nodes.map(\.id)
        net.stopNode(port: 1002)
        try await net.trigger("node-liveness")
        #expect(Set(net.overlay.selectForDownload(among: ids).map(\.id)) == [ids[0], ids[2]])
        for _ in 0..<20 { #expect(Set(try net.overlay.selectForUpload(count: 2).map(\.id)) == [ids[0], ids[2]]) }
        // Three pieces of three nodes: the upload may succeed without the dead one, but needs its place.
        #expect(Set(try net.overlay.selectForUpload(count: 3).map(\.id)) == Set(ids))
        #expect(net.overlay.nodes().filter { net.overlay.isOnline($0) }.count == 2)
        net.stopNode(port: 1001)
        net.stopNode(port: 1003)
        try await net.trigger("node-liveness")
        #expect(net.overlay.selectForDownload(among: ids).count == 2)
        for (node, port) in zip(nodes, 1001...1003) { net.serve(node, port: port) }
        try await net.trigger("node-liveness")
        #expect(net.overlay.selectForDownload(among: ids).count == 3)
    }

    @Test func `a slow node is left out only after three unanswered pings in a row`() async throws {
        let net = try await SmallNetwork(
            {
                var settings = SmallNetwork.localSettings
                settings.livenessInterval = .seconds(2)
                return settings
            }())
        let (slow, fast) = (net.startNode(port: 1001), net.startNode(port: 1002))
        try await net.checkIn(slow, SmallNetwork.request(port: 1001))
        try await net.checkIn(fast, SmallNetwork.request(port: 1002))
        func isOffered() -> Bool { !net.overlay.selectForDownload(among: [slow.id]).isEmpty }
        for _ in 0..<2 {
            net.dialer.silence(slow.id)
            for _ in 0..<2 { try await net.trigger("node-liveness") }
            #expect(isOffered())
            net.dialer.silence(slow.id, false)
            try await net.trigger("node-liveness")
        }
        net.dialer.silence(slow.id)
        for _ in 0..<3 { try await net.trigger("node-liveness") }
        #expect(!isOffered())
        net.dialer.silence(slow.id, false)
        try await net.trigger("node-liveness")
        #expect(isOffered())
    }

    @Test func `stray nodes are disqualified and stay so when they come back`() async throws {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        let node = net.startNode(port: 1001)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        net.clock.advance(by: .seconds(31 * 86400))
        try await net.trigger("stray-nodes")
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        let record = try #require(net.overlay.record(of: node.id))
        #expect(record.disqualificationReason == .offline)
        #expect(net.overlay.selectForDownload(among: [node.id]).isEmpty)
        let stats = try await net.call(node, NodeStatsMethods.getStats, NodeStats_GetStatsRequest())
        #expect(stats.hasDisqualified)
        #expect(!stats.hasSuspended)
        #expect(stats.joinedAt == Wire_Timestamp(record.createdAt))
        #expect(stats.auditCheck.totalCount == 0)
    }

    @Test func `tags are taken from the node and from authorities only`() async throws {
        let random = RandomSource.seeded(9)
        let authority = NodeIdentity.generate(random: random)
        var settings = SmallNetwork.localSettings
        settings.tagAuthorities = [authority.peer]
        settings.checkInBurst = 10
        let net = try await SmallNetwork(settings)
        let node = net.startNode(port: 1001)
        func signed(_ name: String, about: NodeID, by signer: NodeIdentity) throws -> Node_SignedNodeTagSet {
            var tag = Node_NodeTagSet.Tag()
            tag.name = name
            tag.value = Data("v".utf8)
            var set = Node_NodeTagSet()
            set.nodeID = Data(about.bytes)
            set.tags = [tag]
            set.signedAt = net.clock.now.seconds
            var signed = Node_SignedNodeTagSet()
            signed.serializedTag = Data(try set.encoded())
            signed.signerNodeID = Data(signer.id.bytes)
            signed.signature = Data(signer.sign(Array(signed.serializedTag)))
            return signed
        }
        func send(_ sets: [Node_SignedNodeTagSet]) async throws -> Node_CheckInResponse {
            var request = SmallNetwork.request(port: 1001)
            request.signedTags.tags = sets
            return try await net.checkIn(node, request)
        }
        let own = try signed("storage_price", about: node.id, by: node)
        let given = try signed("soc2", about: node.id, by: authority)
        #expect(try await send([own, given]).nodeTagSuccess)
        #expect(try await net.overlay.tags(of: node.id).map(\.name) == ["soc2", "storage_price"])
        let stranger = NodeIdentity.generate(random: random)
        #expect(try await !send([signed("evil", about: node.id, by: stranger)]).nodeTagSuccess)
        #expect(try await !send([signed("evil", about: stranger.id, by: node)]).nodeTagSuccess)
        var forged = own
        forged.serializedTag.append(0)
        let refusal = try await send([forged])
        #expect(!refusal.nodeTagSuccess)
        #expect(refusal.pingNodeSuccess)
        #expect(!refusal.nodeTagErrorMessage.isEmpty)
        #expect(try await net.overlay.tags(of: node.id).count == 2)
    }

    @Test func `a changed identity is fetched anew, once a minute`() async throws {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        let authority = try #require(
            try CertificateAuthority.generate(difficulty: 8, maximumAttempts: 1000, random: net.random))
        let (old, new) = (authority.issueIdentity(random: net.random), authority.issueIdentity(random: net.random))
        net.serve(old, port: 1001)
        try await net.checkIn(old, SmallNetwork.request(port: 1001))
        #expect(await net.overlay.refetchIdentity(of: old.id) == nil)
        net.serve(new, port: 1001)
        #expect(await net.overlay.refetchIdentity(of: old.id) == nil)
        net.clock.advance(by: .seconds(60))
        #expect(await net.overlay.refetchIdentity(of: old.id) == new.peer)
        #expect(try await net.overlay.identity(of: old.id) == new.peer)
        #expect(await net.overlay.refetchIdentity(of: NodeID()) == nil)
    }

    @Test func `reported lost pieces are kept, from known nodes and in bounds`() async throws {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        let node = net.startNode(port: 1001)
        var piece = Node_LostPiece()
        piece.pieceID = Data(PieceID.random(using: net.random).bytes)
        piece.reason = .readFailure
        var report = Node_AmnestyReportRequest()
        report.pieces = [piece]
        let early = report
        #expect(await code { _ = try await net.call(node, NodeMethods.amnestyReport, early) } == .notFound)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        _ = try await net.call(node, NodeMethods.amnestyReport, report)
        _ = try await net.call(node, NodeMethods.amnestyReport, report)
        let reasons = try await net.database.read { session in
            try session.query("SELECT reason FROM reported_lost_pieces") { $0.int(0) }
        }
        #expect(reasons == [2])
        report.pieces = Array(repeating: piece, count: 1001)
        let long = report
        #expect(await code { _ = try await net.call(node, NodeMethods.amnestyReport, long) } == .invalidArgument)
    }

    @Test func `the satellite tells its time`() async throws {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        let answer = try await net.call(nil, NodeMethods.getTime, Node_GetTimeRequest())
        #expect(answer.timestamp == Wire_Timestamp(net.clock.now))
    }
}
