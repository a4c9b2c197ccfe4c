import Chores
import DRPC
import Foundation
import Identity
import Logging
import StorageModel
import StorageNode
import TestSupport
import Testing

@Suite struct NodeFolderTests {
    private static let identity = NodeIdentity.generate(random: .seeded(1))
    private static let readInterval = Duration.seconds(61)

    /// A node in a folder, with nobody to speak to, whose look at the folder waits for `turns`.
    private static func makeNode(
        in folder: URL, identity: NodeIdentity = identity, turns: AsyncStream<Void> = AsyncStream { _ in },
        _ change: (inout StorageNodeSettings) -> Void = { _ in }
    ) async throws -> StorageNode {
        var settings = StorageNodeSettings()
        settings.minimumAllocatedSpace = 0
        settings.readCheckInterval = readInterval
        change(&settings)
        let sleeper = Sleeper { duration in
            guard duration == readInterval else { return try await Sleeper.system.sleep(duration) }
            for await _ in turns { return }
            try Task.checkCancellation()
        }
        return try await StorageNode(
            settings: settings,
            parts: StorageNodeParts(
                identity: identity, folder: folder.path, dialer: InProcessNetwork().dialer(as: identity.peer),
                eventLoops: loops, clock: TestClock().wallClock, sleeper: sleeper, random: .seeded(2),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Shared by all tests of this process, as programs do it.
    private static let loops = RPCEventLoops(threadCount: 1)

    /// Starts a node and stops it again.
    private static func runOnce(in folder: URL, identity: NodeIdentity = identity) async throws {
        let node = try await makeNode(in: folder, identity: identity)
        let run = Task { try await node.run() }
        run.cancel()
        // Told to stop: how it says so does not matter.
        _ = await run.result
    }

    private static func verificationFile(in folder: URL) -> URL {
        folder.appending(path: "pieces/storage-dir-verification")
    }

    @Test func `the first start marks the folder and later ones find the mark`() async throws {
        try await withTemporaryFolder { folder in
            try await Self.runOnce(in: folder)
            let mark = try Data(contentsOf: Self.verificationFile(in: folder))
            #expect(Array(mark) == Self.identity.id.bytes)
            try await Self.runOnce(in: folder)
        }
    }

    @Test func `the folder of another node is refused`() async throws {
        try await withTemporaryFolder { folder in
            try await Self.runOnce(in: folder)
            let error = await #expect(throws: (any Error).self) {
                try await Self.runOnce(in: folder, identity: NodeIdentity.generate(random: .seeded(3)))
            }
            #expect("\(error.map { "\($0)" } ?? "")".contains("belongs to another node"))
        }
    }

    @Test func `a folder that had pieces and lost its mark is refused`() async throws {
        try await withTemporaryFolder { folder in
            try await Self.runOnce(in: folder)
            try FileManager.default.removeItem(at: Self.verificationFile(in: folder))
            let error = await #expect(throws: (any Error).self) { try await Self.runOnce(in: folder) }
            #expect("\(error.map { "\($0)" } ?? "")".contains("cannot be read"))
        }
    }

    @Test func `a folder that disappears stops the node`() async throws {
        try await withTemporaryFolder { folder in
            let (turns, turn) = AsyncStream.makeStream(of: Void.self)
            let node = try await Self.makeNode(in: folder, turns: turns)
            let run = Task { try await node.run() }
            // The folder is there: the node goes on.
            turn.yield()
            try FileManager.default.moveItem(
                at: folder.appending(path: "pieces"), to: folder.appending(path: "elsewhere"))
            turn.yield()
            turn.yield()
            _ = await #expect(throws: (any Error).self) { try await run.value }
        }
    }

    @Test func `less space than the minimum is refused`() async throws {
        try await withTemporaryFolder { folder in
            _ = await #expect(throws: StorageNodeError.tooLittleSpace(allocated: 10, minimum: 11)) {
                _ = try await Self.makeNode(in: folder) {
                    $0.allocatedSpace = 10
                    $0.minimumAllocatedSpace = 11
                }
            }
        }
    }
}

@Suite struct SerialNumberStoreTests {
    private let satellite = NodeID.random(using: .seeded(1))
    private let clock = TestClock()

    private func serials(_ count: Int) -> [SerialNumber] {
        let random = RandomSource.seeded(2)
        return (0..<count).map { _ in .random(using: random) }
    }

    @Test func `a number works once for each satellite, until its limit is over`() {
        let store = SerialNumberStore()
        let serial = serials(1)[0]
        let until = clock.now.advanced(by: .seconds(3600))
        #expect(store.use(satellite: satellite, serial: serial, until: until, now: clock.now))
        #expect(!store.use(satellite: satellite, serial: serial, until: until, now: clock.now))
        let other = NodeID.random(using: .seeded(3))
        #expect(store.use(satellite: other, serial: serial, until: until, now: clock.now))
        clock.advance(by: .seconds(3600))
        #expect(!store.use(satellite: satellite, serial: serial, until: until, now: clock.now))
        clock.advance(by: .seconds(1))
        #expect(store.use(satellite: satellite, serial: serial, until: clock.now, now: clock.now))
    }

    @Test func `a full store forgets the numbers that end first`() {
        let store = SerialNumberStore(capacity: 10)
        let serials = serials(11)
        for (index, serial) in serials.enumerated() {
            let until = clock.now.advanced(by: .seconds(100 + index))
            #expect(store.use(satellite: satellite, serial: serial, until: until, now: clock.now))
        }
        let until = clock.now.advanced(by: .seconds(1000))
        for serial in serials.dropFirst() {
            #expect(!store.use(satellite: satellite, serial: serial, until: until, now: clock.now))
        }
        #expect(store.use(satellite: satellite, serial: serials[0], until: until, now: clock.now))
    }
}
