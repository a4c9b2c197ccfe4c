import Crypto
import Foundation
import Logging
import NIOCore
import PieceStore
import StorageModel
import StorageNode
import TestSupport
import Testing
import WireMessages

@Suite struct RetainQueueTests {
    private let clock = TestClock()
    private let disk = FaultyFileSystem(random: .seeded(7))
    private let pool = BlockingPool(threads: 2)
    private let random = RandomSource.seeded(4)
    private let satellite: NodeID
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() { satellite = NodeID(random.bytes(count: 31) + [0]) ?? NodeID() }

    private func openStore() async throws -> PieceStore {
        try await PieceStore.open(
            folder: "/node/pieces", fileSystem: disk, pool: pool, clock: clock.wallClock, random: random,
            logger: logger)
    }

    private func openQueue(_ store: PieceStore) throws -> RetainQueue {
        try RetainQueue(
            folder: "/node/retain", fileSystem: disk, pool: pool, store: store, clock: clock.wallClock, logger: logger)
    }

    private func addPiece(to store: PieceStore) async throws -> PieceID {
        let id = PieceID.random(using: random)
        let writer = store.beginPiece(satellite: satellite, pieceID: id, algorithm: .blake3, expires: nil)
        try await writer.append(ByteBuffer(bytes: random.bytes(count: 256)))
        _ = try await writer.commit(
            PieceProof(hashTimestamp: clock.now, hashSignature: [], orderLimit: [], expires: nil))
        return id
    }

    private func message(keeping pieces: [PieceID], created: Timestamp) -> Piecestore_RetainRequest {
        var filter = BloomFilter(seed: 9, hashCount: 10, tableSize: 64)
        for piece in pieces { filter.insert(piece) }
        var message = Piecestore_RetainRequest()
        message.creationDate = Wire_Timestamp(created)
        message.filter = Data(filter.encoded)
        return message
    }

    private func add(_ message: Piecestore_RetainRequest, to queue: RetainQueue) async throws {
        try await queue.add(message, RetainRequest(message), satellite: satellite)
    }

    private func isStored(_ piece: PieceID, in store: PieceStore) async throws -> Bool {
        let reader = try await store.openPiece(satellite: satellite, pieceID: piece)
        return !reader.restoredFromTrash
    }

    @Test func `old pieces that are not in the filter go to the trash`() async throws {
        let store = try await openStore()
        let queue = try openQueue(store)
        let (kept, garbage) = (try await addPiece(to: store), try await addPiece(to: store))
        clock.advance(by: RetainQueue.skew)
        let young = try await addPiece(to: store)
        clock.advance(by: .seconds(1))
        try await add(message(keeping: [kept], created: clock.now), to: queue)
        #expect(store.usage.trashPieces == 0)
        try await queue.applyAll()
        #expect(store.usage.trashPieces == 1)
        #expect(try await isStored(kept, in: store))
        #expect(try await isStored(young, in: store))
        #expect(try await !isStored(garbage, in: store))
    }

    @Test func `a satellite whose clock runs ahead does not make young pieces old`() async throws {
        let store = try await openStore()
        let queue = try openQueue(store)
        let young = try await addPiece(to: store)
        let ahead = clock.now.advanced(by: .seconds(400 * 86_400))
        try await add(message(keeping: [], created: ahead), to: queue)
        try await queue.applyAll()
        #expect(store.usage.trashPieces == 0)
        #expect(try await isStored(young, in: store))
    }

    @Test func `a filter is applied once`() async throws {
        let store = try await openStore()
        let queue = try openQueue(store)
        _ = try await addPiece(to: store)
        clock.advance(by: RetainQueue.skew + .seconds(1))
        try await add(message(keeping: [], created: clock.now), to: queue)
        try await queue.applyAll()
        #expect(try await store.restoreTrash(satellite: satellite) == 1)
        try await queue.applyAll()
        #expect(store.usage.trashPieces == 0)
        #expect(try disk.list("/node/retain").isEmpty)
    }

    @Test func `a newer filter replaces an older one, not the other way round`() async throws {
        let store = try await openStore()
        let queue = try openQueue(store)
        let (first, second) = (try await addPiece(to: store), try await addPiece(to: store))
        clock.advance(by: RetainQueue.skew + .seconds(10))
        let older = clock.now.advanced(by: .seconds(-5))
        try await add(message(keeping: [], created: older), to: queue)
        try await add(message(keeping: [first, second], created: clock.now), to: queue)
        let error = await #expect(throws: RPCStatusError.self) {
            try await add(message(keeping: [], created: older), to: queue)
        }
        #expect(error?.code == .failedPrecondition)
        try await queue.applyAll()
        #expect(store.usage.trashPieces == 0)
    }

    @Test func `a filter survives a power cut`() async throws {
        let store = try await openStore()
        _ = try await addPiece(to: store)
        clock.advance(by: RetainQueue.skew + .seconds(1))
        try await add(message(keeping: [], created: clock.now), to: try openQueue(store))
        disk.crash()
        let reopened = try await openStore()
        try await openQueue(reopened).applyAll()
        #expect(reopened.usage.trashPieces == 1)
    }

    @Test func `a damaged saved filter deletes nothing`() async throws {
        let store = try await openStore()
        _ = try await addPiece(to: store)
        clock.advance(by: RetainQueue.skew + .seconds(1))
        try await add(message(keeping: [], created: clock.now), to: try openQueue(store))
        disk.flipByte(of: "/node/retain/\(satellite).filter", at: 30)
        try await openQueue(store).applyAll()
        #expect(store.usage.trashPieces == 0)
    }

    @Test func `a dropped filter is not applied`() async throws {
        let store = try await openStore()
        let queue = try openQueue(store)
        _ = try await addPiece(to: store)
        clock.advance(by: RetainQueue.skew + .seconds(1))
        try await add(message(keeping: [], created: clock.now), to: queue)
        try await queue.drop(satellite: satellite)
        try await queue.applyAll()
        #expect(store.usage.trashPieces == 0)
    }

    @Test func `a full disk refuses a filter and keeps the one before`() async throws {
        let store = try await openStore()
        let queue = try openQueue(store)
        let piece = try await addPiece(to: store)
        clock.advance(by: RetainQueue.skew + .seconds(10))
        try await add(message(keeping: [], created: clock.now), to: queue)
        disk.setFaults { $0.freeSpace = 10 }
        clock.advance(by: .seconds(1))
        await #expect(throws: PieceStoreError.self) {
            try await add(message(keeping: [piece], created: clock.now), to: queue)
        }
        disk.setFaults { $0.freeSpace = nil }
        try await queue.applyAll()
        #expect(store.usage.trashPieces == 1)
    }

    @Test func `a request is checked before anything is kept`() throws {
        let good = message(keeping: [], created: clock.now)
        #expect(try RetainRequest(good).created == clock.now)
        var hashed = good
        hashed.hash = Data(SHA256.hash(data: good.filter))
        _ = try RetainRequest(hashed)
        var wrongs: [Piecestore_RetainRequest] = []
        hashed.hashAlgorithm = .blake3
        wrongs.append(hashed)
        hashed.hashAlgorithm = .UNRECOGNIZED(7)
        wrongs.append(hashed)
        var undated = good
        undated.clearCreationDate()
        wrongs.append(undated)
        var year1 = good
        year1.creationDate.seconds = Timestamp.unsetSeconds
        wrongs.append(year1)
        var far = good
        far.creationDate.seconds = .max
        wrongs.append(far)
        for filter in [[], [1, 2, 3], [2, 0, 4, 0], [1, 0, 0, 0]] as [[UInt8]] {
            var wrong = good
            wrong.filter = Data(filter)
            wrongs.append(wrong)
        }
        for wrong in wrongs {
            let error = #expect(throws: RPCStatusError.self) { try RetainRequest(wrong) }
            #expect(error?.code == .invalidArgument)
        }
    }
}
