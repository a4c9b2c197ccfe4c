import DRPC
import Identity
import Orders
import PieceStore
import StorageModel
import StorageNode
import TestSupport
import Testing
import WireMessages

@Suite struct DrainTests {
    private func upload(_ fixture: UpkeepFixture) async throws -> RPCStatusCode? {
        let limit = LimitFields(
            serialNumber: .random(using: fixture.random), satelliteID: fixture.satellite.id,
            storageNodeID: fixture.identity.id, pieceID: .random(using: fixture.random), limit: 1000, action: .put,
            orderCreation: fixture.clock.now, orderExpiration: fixture.clock.now.advanced(by: .seconds(86400)),
            uplinkPublicKey: fixture.pieceKey.publicKey, signer: fixture.satellite
        ).signed
        return try await status {
            try await fixture.connect(as: nil).withStream(PiecestoreMethods.upload) { stream in
                try await stream.send(PieceUploadRequest(limit: limit, hashAlgorithm: .blake3))
                stream.closeSend()
                _ = try await stream.receive()
            }
        }
    }

    @Test func `a drained node refuses new pieces, serves old ones, and remembers it over restarts`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        let piece = try await fixture.store(size: 3000)
        try await fixture.node.drain.drain()
        let since = fixture.node.drain.since
        #expect(since == fixture.clock.now)
        #expect(try await upload(fixture) == .unavailable)
        #expect(try await fixture.download(piece) == nil)
        fixture.clock.advance(by: .seconds(60))
        try await fixture.node.drain.drain()
        try await fixture.crash()
        #expect(fixture.node.drain.since == since)
        #expect(try await upload(fixture) == .unavailable)
        try await fixture.node.drain.undrain()
        #expect(fixture.node.drain.since == nil)
        // The upload is let in, and fails for the reason that this one never says what it uploads.
        #expect(try await upload(fixture) == .aborted)
        try await fixture.crash()
        #expect(fixture.node.drain.since == nil)
    }

    @Test func `a disk that refuses the note refuses the drain`() async throws {
        let fixture = UpkeepFixture()
        try await fixture.start()
        fixture.disk.setFaults { $0.writesUntilFailure = 0 }
        await #expect(throws: (any Error).self) { try await fixture.node.drain.drain() }
        #expect(fixture.node.drain.since == nil)
        fixture.disk.setFaults { $0.writesUntilFailure = nil }
        try await fixture.node.drain.drain()
        #expect(fixture.node.drain.since != nil)
    }
}
