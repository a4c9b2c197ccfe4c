import DRPC
import Foundation
import Macaroons
import Metabase
import Metainfo
import Overlay
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct ObjectHealthTests {
    private func client(nodes: Int = 10) async throws -> TestClient {
        let client = TestClient(try await TestSatellite(nodeCount: nodes))
        try await client.makeBucket()
        return client
    }

    private func request(_ client: TestClient, _ key: String, from: Int64 = 0, limit: Int32 = 0) -> Health_ObjectHealthRequest {
        var request = Health_ObjectHealthRequest()
        request.header = client.header
        request.bucket = client.bucket
        request.encryptedObjectKey = Data(key.utf8)
        request.fromPosition = from
        request.limit = limit
        return request
    }

    /// An object of one segment on eight of ten nodes.
    private func upload(_ key: String, _ client: TestClient) async throws {
        let (stream, begun) = try await client.beginRemote(key)
        _ = try await client.batch([
            .segmentCommit(try client.commitSegment(begun)), .objectCommit(client.commit(stream)),
        ])
    }

    @Test func `an object on good nodes is healthy, and every piece is named with its node`() async throws {
        let client = try await client()
        try await upload("key", client)
        let answer = try await client.call(HealthMethods.objectHealth, request(client, "key"))
        let segment = try #require(answer.segments.first)
        #expect(!answer.more)
        #expect(!segment.isInline)
        #expect(segment.healthy == 8)
        #expect(segment.retrievable == 8)
        #expect([segment.required, segment.repair, segment.optimal, segment.total] == [4, 6, 8, 10])
        #expect(segment.pieces.map(\.number) == Array(0..<8))
        #expect(segment.pieces.allSatisfy { $0.state == .healthy && !$0.network.isEmpty })
        #expect(Set(segment.pieces.map(\.nodeID)).count == 8)
        #expect(!segment.isQueuedForRepair)
    }

    @Test func `pieces on nodes that are gone or silent are told apart and count neither as healthy nor retrievable`()
        async throws
    {
        let client = try await client()
        try await upload("key", client)
        let before = try await client.call(HealthMethods.objectHealth, request(client, "key")).segments[0]
        let gone = try #require(NodeID(before.pieces[0].nodeID))
        try await client.satellite.overlay.disqualify(gone, reason: .auditFailure)
        let after = try await client.call(HealthMethods.objectHealth, request(client, "key")).segments[0]
        #expect(after.pieces[0].state == .lost)
        #expect(after.healthy == 7)
        #expect(after.retrievable == 7)
        client.satellite.clock.advance(by: .seconds(5 * 3600))
        let silent = try await client.call(HealthMethods.objectHealth, request(client, "key")).segments[0]
        #expect(silent.pieces.dropFirst().allSatisfy { $0.state == .offline })
        #expect(silent.retrievable == 0)
    }

    @Test func `a small object has no pieces`() async throws {
        let client = try await client(nodes: 0)
        try await client.put("small")
        let answer = try await client.call(HealthMethods.objectHealth, request(client, "small"))
        #expect(answer.segments.map(\.isInline) == [true])
        #expect(answer.segments[0].pieces.isEmpty)
    }

    @Test func `pages go on where the last one ended, wherever in a part that was`() async throws {
        let client = try await client(nodes: 0)
        let stream = try await client.call(MetainfoMethods.beginObject, client.begin("part")).streamID
        for index: Int32 in [0, 1, 2] {
            var segment = client.inline([UInt8](repeating: 1, count: 40), stream: stream, part: 4)
            segment.position.index = index
            _ = try await client.call(MetainfoMethods.makeInlineSegment, segment)
        }
        _ = try await client.call(MetainfoMethods.commitObject, client.commit(stream))
        let positions = (0..<3).map { Int64(4) << 32 + $0 }
        func page(from position: Int64) async throws -> Health_ObjectHealthResponse {
            try await client.call(HealthMethods.objectHealth, request(client, "part", from: position, limit: 1))
        }
        // The beginnings of this part, of one before it and of one after it.
        for (start, expected) in [(0, 0), (1 << 32, 0), (positions[0], 0), (positions[0] + 1, 1), (positions[1] + 1, 2)] {
            let answer = try await page(from: start)
            #expect(answer.segments.map(\.position) == [positions[expected]])
            #expect(answer.more == (expected < 2))
        }
        #expect(try await page(from: 5 << 32).segments.isEmpty)
    }

    @Test(arguments: [-1, 0x8000_0000, Int64.min])
    func `a position that cannot be is refused`(_ position: Int64) async throws {
        let client = try await client(nodes: 0)
        try await client.put("small")
        let failure = try await client.failure(HealthMethods.objectHealth, request(client, "small", from: position))
        #expect(failure?.code == .invalidArgument)
    }

    @Test func `a negative limit and an impossible version are refused, an unknown object is not found`() async throws {
        let client = try await client(nodes: 0)
        try await client.put("small")
        #expect(
            try await client.failure(HealthMethods.objectHealth, request(client, "small", limit: -1))?.code
                == .invalidArgument)
        var versioned = request(client, "small")
        versioned.objectVersion = Data([1, 2, 3])
        #expect(try await client.failure(HealthMethods.objectHealth, versioned)?.code == .invalidArgument)
        #expect(try await client.failure(HealthMethods.objectHealth, request(client, "none"))?.code == .notFound)
    }

    @Test func `whoever may only write or look elsewhere is refused, whoever may list is not`() async throws {
        let client = try await client(nodes: 0)
        try await client.put("small")
        let writeOnly = Caveat(disallowed: [.reads, .lists])
        let listOnly = Caveat(disallowed: [.reads, .writes])
        func failure(_ caveat: Caveat) async throws -> RPCStatusError? {
            var request = request(client, "small")
            request.header = client.satellite.header(client.satellite.key.restricted(by: caveat))
            return try await client.failure(HealthMethods.objectHealth, request)
        }
        #expect(try await failure(writeOnly)?.code == .permissionDenied)
        #expect(try await failure(listOnly) == nil)
        var anonymous = request(client, "small")
        anonymous.clearHeader()
        #expect(try await client.failure(HealthMethods.objectHealth, anonymous)?.code == .invalidArgument)
    }
}
