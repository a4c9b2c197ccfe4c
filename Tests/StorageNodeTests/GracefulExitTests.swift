import Foundation
import Identity
import PieceStore
import StorageModel
import StorageNode
import TestSupport
import Testing
import WireMessages

@Suite struct GracefulExitTests {
    private func state(_ fixture: UpkeepFixture) -> ExitState? { fixture.node.exits.states.first }

    @Test func `an exit is asked for, waited for, receipted, and only then the data goes`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 50_000)
        fixture.stub.change { $0.exitAnswers = [ExitAnswers.notReady, ExitAnswers.notReady, ExitAnswers.completed] }
        #expect(try await fixture.node.exits.begin(fixture.satellite.id).step == .exiting)
        for _ in 0..<2 {
            #expect(try await fixture.download(piece) == nil)
            #expect(fixture.node.trust.isTrusted(fixture.satellite.id))
            fixture.clock.advance(by: .seconds(86400))
            try await fixture.node.exits.work()
        }
        let exit = try #require(state(fixture))
        #expect(exit.step == .deleted)
        #expect(exit.receipt != nil)
        #expect(exit.endedAt == 1_770_000_000_000_000)
        #expect((exit.freedBytes ?? 0) > 50_000)
        #expect(fixture.node.store.usage.totalBytes < 1000)
        #expect(!fixture.node.trust.isTrusted(fixture.satellite.id))
        #expect(try await fixture.download(piece) == .permissionDenied)
        // It stays so, and the receipt stays.
        try await fixture.crash()
        #expect(state(fixture) == exit)
        #expect(!fixture.node.trust.isTrusted(fixture.satellite.id))
        await #expect(throws: ExitError.alreadyBegun(.deleted)) {
            try await fixture.node.exits.begin(fixture.satellite.id)
        }
    }

    @Test func `a node that is too young, or unknown, does not begin`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        fixture.stub.change { $0.isExitAllowed = false }
        await #expect(throws: ExitError.tooYoung(months: 6, joined: nil)) {
            try await fixture.node.exits.begin(fixture.satellite.id)
        }
        await #expect(throws: ExitError.unknownSatellite(fixture.stranger.id)) {
            try await fixture.node.exits.begin(fixture.stranger.id)
        }
        #expect(state(fixture) == nil)
        #expect(fixture.stub.now.exitQuestions == 0)
    }

    @Test func `a refusal ends the request, a failure keeps the data, both can be tried again`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 5000)
        fixture.stub.change {
            $0.exitAnswers = [
                { _, _ in throw RPCStatusError(.failedPrecondition, "suspended") }, ExitAnswers.notReady, ExitAnswers.failed,
                ExitAnswers.notReady,
            ]
        }
        #expect(try await fixture.node.exits.begin(fixture.satellite.id).step == .refused)
        #expect(state(fixture)?.problem == "suspended")
        #expect(try await fixture.node.exits.begin(fixture.satellite.id).step == .exiting)
        try await fixture.node.exits.work()
        #expect(state(fixture)?.step == .failed)
        #expect(state(fixture)?.problem == "the node was offline too much while it was leaving")
        #expect(try await fixture.download(piece) == nil)
        // Over is over: nobody asks any more until the farmer does.
        try await fixture.node.exits.work()
        #expect(fixture.stub.now.exitQuestions == 3)
        #expect(try await fixture.node.exits.begin(fixture.satellite.id).step == .exiting)
    }

    @Test(arguments: [0, 1, 2, 3, 4, 5])
    func `an answer that is not the satellite's signed word deletes nothing`(kind: Int) async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 5000)
        let (stranger, other) = (fixture.stranger, fixture.stranger.id)
        let answers: [@Sendable (NodeIdentity, NodeID) throws -> GracefulExit_SatelliteMessage] = [
            { satellite, node in try ExitAnswers.completed(by: stranger, satellite: satellite.id, node: node) },
            { satellite, node in try ExitAnswers.completed(by: satellite, satellite: other, node: node) },
            { satellite, node in try ExitAnswers.completed(by: satellite, satellite: satellite.id, node: other) },
            { satellite, node in
                var message = try ExitAnswers.completed(by: satellite, satellite: satellite.id, node: node)
                message.exitCompleted.exitCompleteSignature = .init()
                return message
            },
            { satellite, node in
                var message = try ExitAnswers.completed(by: satellite, satellite: satellite.id, node: node)
                message.exitCompleted.completed.seconds += 1
                return message
            },
            { _, _ in
                var message = GracefulExit_SatelliteMessage()
                message.deletePiece = GracefulExit_DeletePiece()
                return message
            },
        ]
        fixture.stub.change { $0.exitAnswers = [ExitAnswers.notReady, answers[kind]] }
        _ = try await fixture.node.exits.begin(fixture.satellite.id)
        try await fixture.node.exits.work()
        #expect(state(fixture)?.step == .exiting)
        #expect(state(fixture)?.problem?.contains("cannot be used") == true)
        #expect(try await fixture.download(piece) == nil)
        #expect(fixture.node.trust.isTrusted(fixture.satellite.id))
        // The true word still counts.
        fixture.stub.change { $0.exitAnswers = [ExitAnswers.completed] }
        try await fixture.node.exits.work()
        #expect(state(fixture)?.step == .deleted)
    }

    @Test(arguments: 0..<16)
    func `an exit killed or failing at any write ends at the next start`(step: Int) async throws {
        let fixture = UpkeepFixture(seed: UInt64(300 + step))
        try await fixture.start()
        let piece = try await fixture.store(size: 60_000)
        fixture.stub.change { $0.exitAnswers = [ExitAnswers.notReady, ExitAnswers.completed] }
        _ = try await fixture.node.exits.begin(fixture.satellite.id)
        fixture.disk.setFaults { faults in
            if step % 2 == 0 { faults.writesUntilFailure = step / 2 } else { faults.synchronizationsUntilFailure = step / 2 }
        }
        // What fails here is for the next start to make good.
        _ = try? await fixture.node.exits.work()
        try await fixture.crash()
        // Either the receipt is on the disk, or nothing was deleted.
        let reached = try #require(state(fixture)?.step)
        if reached == .exiting || reached == .requested { #expect(try await fixture.download(piece) == nil) }
        if reached != .deleted, reached != .completed {
            fixture.stub.change { $0.exitAnswers = [ExitAnswers.completed] }
        }
        try await fixture.node.exits.work()
        #expect(state(fixture)?.step == .deleted)
        #expect(state(fixture)?.receipt != nil)
        #expect(fixture.node.store.usage.livePieces == 0)
        // Nothing of what went was called a loss.
        try await fixture.node.reporter.work()
        #expect(fixture.stub.now.lostPieces.isEmpty)
    }
}
