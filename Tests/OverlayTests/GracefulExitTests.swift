import DRPC
import Foundation
import Identity
import Overlay
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct GracefulExitTests {
    private static let month = Duration.seconds(2_629_800)
    private static let day = Duration.seconds(86400)

    private func code(_ body: () async throws -> Void) async -> RPCStatusCode? {
        do { try await body() } catch { return (error as? RPCStatusError)?.code }
        return nil
    }

    /// A satellite with one node that is old enough to leave.
    private func oldNode(
        _ change: (inout OverlaySettings) -> Void = { _ in }
    ) async throws -> (net: SmallNetwork, node: NodeIdentity) {
        var settings = SmallNetwork.localSettings
        settings.checkInBurst = 1000
        change(&settings)
        let net = try await SmallNetwork(settings)
        let node = net.startNode(port: 1001)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        net.clock.advance(by: Self.month * 6)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        return (net, node)
    }

    private func ask(_ net: SmallNetwork, _ node: NodeIdentity) async throws -> GracefulExit_SatelliteMessage {
        let connection = try await net.network.dialer(as: node.peer).connect(
            to: NodeURL(id: net.satellite.id, address: SmallNetwork.satelliteAddress))
        return try await connection.withStream(GracefulExitMethods.process) { stream in
            stream.closeSend()
            let message = try #require(try await stream.receive())
            #expect(try await stream.receive() == nil)
            return message
        }
    }

    @Test func `a young node may not leave in good order, and learns when it may`() async throws {
        let net = try await SmallNetwork(SmallNetwork.localSettings)
        let node = net.startNode(port: 1001)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        #expect(await code { _ = try await ask(net, node) } == .failedPrecondition)
        let request = GracefulExit_GracefulExitFeasibilityRequest()
        let early = try await net.call(node, GracefulExitMethods.feasibility, request)
        #expect(!early.isAllowed)
        #expect(early.monthsRequired == 6)
        #expect(early.joinedAt == Wire_Timestamp(net.clock.now))
        net.clock.advance(by: Self.month * 6)
        #expect(try await net.call(node, GracefulExitMethods.feasibility, request).isAllowed)
    }

    @Test func `strangers, disqualified and suspended nodes may not leave in good order`() async throws {
        let (net, node) = try await oldNode()
        let stranger = NodeIdentity.generate(random: net.random)
        #expect(await code { _ = try await ask(net, stranger) } == .notFound)
        for _ in 0..<5 { try await net.overlay.recordAudits([(node.id, .unknown)]) }
        #expect(await code { _ = try await ask(net, node) } == .failedPrecondition)
        for _ in 0..<40 { try await net.overlay.recordAudits([(node.id, .success)]) }
        #expect(try await ask(net, node).message == .notReady(GracefulExit_NotReady()))
        try await net.overlay.disqualify(node.id, reason: .auditFailure)
        #expect(await code { _ = try await ask(net, node) } == .failedPrecondition)
    }

    @Test func `a node leaves after thirty days with a receipt that it can verify, and reads it again and again`()
        async throws
    {
        let (net, node) = try await oldNode()
        #expect(try await ask(net, node).message == .notReady(GracefulExit_NotReady()))
        #expect(throws: OverlayError.self) { try net.overlay.selectForUpload(count: 1) }
        #expect(net.overlay.selectForDownload(among: [node.id]).count == 1)
        let leaving = net.overlay.classifier().classify([(0, node.id)], placement: 0)
        #expect(leaving.states.map(\.state) == [.exiting])
        net.clock.advance(by: Self.day * 29)
        #expect(try await ask(net, node).message == .notReady(GracefulExit_NotReady()))
        net.clock.advance(by: Self.day)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        let first = try await ask(net, node)
        guard case .exitCompleted(let receipt)? = first.message else {
            Issue.record("not completed: \(first)")
            return
        }
        #expect(receipt.satelliteID == Data(net.satellite.id.bytes))
        #expect(receipt.nodeID == Data(node.id.bytes))
        #expect(receipt.completed == Wire_Timestamp(net.clock.now))
        var signed = receipt
        signed.exitCompleteSignature = Data()
        let signature = Array(receipt.exitCompleteSignature)
        #expect(net.satellite.peer.isValidSignature(signature, for: try signed.encoded()))
        signed.completed.seconds += 1
        #expect(!net.satellite.peer.isValidSignature(signature, for: try signed.encoded()))
        net.clock.advance(by: Self.day)
        guard case .exitCompleted(let again)? = try await ask(net, node).message else {
            Issue.record("the end is not repeated")
            return
        }
        #expect(again.completed == receipt.completed)
        #expect(net.overlay.selectForDownload(among: [node.id]).isEmpty)
        let gone = net.overlay.classifier().classify([(0, node.id)], placement: 0)
        #expect(gone.states.map(\.state) == [.lost])
        #expect(try await net.overlay.nodeEvents(of: node.id).map(\.kind) == [.exitFinished, .exitStarted])
    }

    @Test func `the signed bytes are the canonical ones`() throws {
        let satellite = NodeIdentity.generate(random: .seeded(1))
        let node = NodeIdentity.generate(random: .seeded(2)).id
        let time = try #require(Timestamp(seconds: 5, nanoseconds: 0))
        var completed = try ExitSignature.completed(node, at: time, by: satellite)
        completed.exitCompleteSignature = Data()
        #expect(
            try completed.encoded() == [0x12, 32] + satellite.id.bytes + [0x1a, 32] + node.bytes + [0x22, 2, 0x08, 5])
        var failed = try ExitSignature.failed(node, .errors, at: time, by: satellite)
        #expect(
            satellite.peer.isValidSignature(
                Array(failed.exitFailureSignature),
                for: [0x10, 2, 0x1a, 32] + satellite.id.bytes + [0x22, 32] + node.bytes + [0x2a, 2, 0x08, 5]))
        failed.exitFailureSignature = Data()
        #expect(try failed.encoded().prefix(2) == [0x10, 2])
    }

    @Test func `a node that was offline too much, or errs, fails its exit and is told why`() async throws {
        for outcome in [AuditOutcome.offline, .unknown] {
            let (net, node) = try await oldNode()
            let witness = net.startNode(port: 1002)
            try await net.checkIn(witness, SmallNetwork.request(port: 1002))
            _ = try await ask(net, node)
            for _ in 0..<60 {
                net.clock.advance(by: .seconds(12 * 3600))
                try await net.overlay.recordAudits([(node.id, outcome), (witness.id, .success)])
            }
            try await net.checkIn(node, SmallNetwork.request(port: 1001))
            try await net.trigger("node-exits")
            let record = try #require(net.overlay.record(of: node.id))
            #expect(record.exitFinishedAt == net.clock.now)
            #expect(!record.exitSucceeded)
            #expect(record.exitFailure == (outcome == .offline ? .absence : .errors))
            guard case .exitFailed(let notice)? = try await ask(net, node).message else {
                Issue.record("not failed")
                return
            }
            #expect(
                notice.reason
                    == (outcome == .offline ? .inactiveTimeframeExceeded : .overallFailurePercentageExceeded))
        }
    }

    @Test func `a node that happens to be offline at the end is waited for, but not for ever`() async throws {
        let (net, node) = try await oldNode()
        _ = try await ask(net, node)
        net.clock.advance(by: Self.day * 30)
        try await net.trigger("node-exits")
        #expect(net.overlay.record(of: node.id)?.exitFinishedAt == nil)
        let (late, other) = try await oldNode()
        _ = try await ask(late, other)
        late.clock.advance(by: Self.day * 37)
        try await late.trigger("node-exits")
        #expect(late.overlay.record(of: other.id)?.exitFailure == .absence)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        try await net.trigger("node-exits")
        #expect(net.overlay.record(of: node.id)?.exitSucceeded == true)
    }

    @Test func `the satellite says how many pieces are left, and can wait for them`() async throws {
        let (net, node) = try await oldNode { $0.exit.extensionForPieces = Self.day * 5 }
        #expect(net.overlay.exitProgress(of: node.id) == nil)
        try await net.overlay.setPieceCounts([node.id: 7])
        _ = try await ask(net, node)
        net.clock.advance(by: Self.day * 30)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        let progress = try #require(net.overlay.exitProgress(of: node.id))
        #expect(progress.remainingPieces == 7)
        #expect(progress.dueAt == net.clock.now)
        #expect(try await ask(net, node).message == .notReady(GracefulExit_NotReady()))
        try await net.overlay.setPieceCounts([node.id: 0])
        try await net.trigger("node-exits")
        #expect(net.overlay.record(of: node.id)?.exitSucceeded == true)
        #expect(net.overlay.exitProgress(of: node.id)?.finishedAt == net.clock.now)
    }

    @Test func `pieces that nobody moves hold a node for the extension only`() async throws {
        let (net, node) = try await oldNode { $0.exit.extensionForPieces = Self.day * 5 }
        try await net.overlay.setPieceCounts([node.id: 7])
        _ = try await ask(net, node)
        net.clock.advance(by: Self.day * 35)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        try await net.trigger("node-exits")
        #expect(net.overlay.record(of: node.id)?.exitSucceeded == true)
    }

    @Test func `an exit goes on after a restart of the satellite`() async throws {
        let (net, node) = try await oldNode()
        _ = try await ask(net, node)
        let again = try await SmallNetwork(SmallNetwork.localSettings, database: net.database)
        #expect(again.overlay.record(of: node.id)?.exitInitiatedAt == net.overlay.record(of: node.id)?.exitInitiatedAt)
        #expect(again.overlay.record(of: node.id)?.exitInitiatedAt != nil)
    }
}
