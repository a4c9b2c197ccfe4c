import Blake3
import Chores
import DRPC
import Foundation
import Identity
import NIOCore
import PieceStore
import StorageModel
import StorageNode
import TestSupport
import Testing
import WireMessages

@Suite struct RetainEndpointTests {
    private let fixture = SatelliteFixture()

    /// Serves the endpoint, with one piece that is old enough to be garbage.
    private func serve() async throws -> (store: PieceStore, endpoint: RetainEndpoint) {
        let store = try await fixture.openStore()
        let queue = try RetainQueue(
            folder: "/node/retain", fileSystem: fixture.disk, pool: fixture.pool, store: store,
            clock: fixture.clock.wallClock, logger: fixture.logger)
        let endpoint = RetainEndpoint(trust: fixture.trust, store: store, queue: queue, parts: fixture.parts)
        var router = RPCRouter()
        endpoint.register(in: &router)
        fixture.serve(router)
        let writer = store.beginPiece(
            satellite: fixture.satellite.id, pieceID: .random(using: fixture.random), algorithm: .blake3, expires: nil)
        try await writer.append(ByteBuffer(repeating: 1, count: 256))
        _ = try await writer.commit(
            PieceProof(hashTimestamp: fixture.clock.now, hashSignature: [], orderLimit: [], expires: nil))
        fixture.clock.advance(by: RetainQueue.skew + .seconds(1))
        return (store, endpoint)
    }

    private func message() -> Piecestore_RetainRequest {
        var message = Piecestore_RetainRequest()
        message.creationDate = Wire_Timestamp(fixture.clock.now)
        message.filter = Data(BloomFilter(seed: 1, hashCount: 4, tableSize: 40).encoded)
        return message
    }

    private func code(_ body: () async throws -> Void) async -> RPCStatusCode? {
        do {
            try await body()
            return nil
        } catch { return (error as? RPCStatusError)?.code }
    }

    @Test func `a trusted satellite's filter is kept, then applied`() async throws {
        let (store, endpoint) = try await serve()
        let connection = try await fixture.connect(as: fixture.satellite.peer)
        _ = try await connection.call(PiecestoreMethods.retain, message())
        #expect(store.usage.trashPieces == 0)
        try await endpoint.cycle.triggerAndWait()
        #expect(store.usage.trashPieces == 1)
        _ = try await connection.call(PiecestoreMethods.restoreTrash, Piecestore_RestoreTrashRequest())
        #expect(store.usage.trashPieces == 0)
    }

    @Test func `restoring the trash drops a filter that waits`() async throws {
        let (store, endpoint) = try await serve()
        let connection = try await fixture.connect(as: fixture.satellite.peer)
        _ = try await connection.call(PiecestoreMethods.retain, message())
        _ = try await connection.call(PiecestoreMethods.restoreTrash, Piecestore_RestoreTrashRequest())
        try await endpoint.cycle.triggerAndWait()
        #expect(store.usage.trashPieces == 0)
    }

    @Test func `only trusted satellites with an identity are heard`() async throws {
        let (_, _) = try await serve()
        for (peer, expected) in [(fixture.stranger.peer, .permissionDenied), (nil, .unauthenticated)]
            as [(PeerIdentity?, RPCStatusCode)]
        {
            let connection = try await fixture.connect(as: peer)
            #expect(await code { _ = try await connection.call(PiecestoreMethods.retain, message()) } == expected)
            #expect(
                await code {
                    _ = try await connection.call(
                        PiecestoreMethods.restoreTrash, Piecestore_RestoreTrashRequest())
                } == expected)
            #expect(await code { try await sendBig([message()], over: connection) } == expected)
        }
    }

    @Test func `a filter in parts is put together and checked with its hash`() async throws {
        let (store, endpoint) = try await serve()
        let connection = try await fixture.connect(as: fixture.satellite.peer)
        try await sendBig(inParts(of: 10), over: connection)
        try await endpoint.cycle.triggerAndWait()
        #expect(store.usage.trashPieces == 1)
        var wrong = inParts(of: 10)
        wrong[0].filter[5] ^= 1
        #expect(await code { try await sendBig(wrong, over: connection) } == .invalidArgument)
        let endless = Array(inParts(of: 10).dropLast())
        #expect(await code { try await sendBig(endless, over: connection) } == .invalidArgument)
        #expect(await code { try await sendBig([], over: connection) } == .invalidArgument)
    }

    @Test func `a malformed filter is refused`() async throws {
        let (_, _) = try await serve()
        let connection = try await fixture.connect(as: fixture.satellite.peer)
        var wrong = message()
        wrong.filter = Data([9, 9])
        #expect(
            await code { _ = try await connection.call(PiecestoreMethods.retain, wrong) } == .invalidArgument)
    }

    /// The filter in pieces, the last one empty with the hash.
    private func inParts(of size: Int) -> [Piecestore_RetainRequest] {
        let whole = message()
        var parts = stride(from: 0, to: whole.filter.count, by: size).map { start in
            var part = Piecestore_RetainRequest()
            part.creationDate = whole.creationDate
            part.filter = Data(whole.filter.dropFirst(start).prefix(size))
            return part
        }
        var last = Piecestore_RetainRequest()
        last.creationDate = whole.creationDate
        last.hashAlgorithm = .blake3
        last.hash = Data(Blake3Hasher.hash(whole.filter).bytes)
        parts.append(last)
        return parts
    }

    private func sendBig(_ parts: [Piecestore_RetainRequest], over connection: any RPCConnection) async throws {
        try await connection.withStream(PiecestoreMethods.retainBig) { stream in
            for part in parts { try await stream.send(part) }
            stream.closeSend()
            guard try await stream.receive() != nil else { throw RPCStatusError(.unknown, "no answer") }
        }
    }
}
