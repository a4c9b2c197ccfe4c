import Foundation
import Identity
import Logging
import Orders
import PieceStore
import StorageModel
import StorageNode
import TestSupport
import Testing
import WireMessages

@Suite struct OrderStoreTests {
    private let clock = TestClock()
    private let disk = FaultyFileSystem(random: .seeded(7))
    private let pool = BlockingPool(threads: 1)
    private let random = RandomSource.seeded(3)
    private let satellite: NodeID
    private let key: PieceKey

    init() {
        satellite = Self.satellite(random)
        key = .generate(random: random)
    }

    /// A satellite's id; the last byte is the identity version, which is 0.
    private static func satellite(_ random: RandomSource) -> NodeID {
        NodeID(random.bytes(count: 31) + [0]) ?? NodeID()
    }

    private func open() throws -> OrderStore {
        try OrderStore(
            folder: "/node/orders", fileSystem: disk, pool: pool, clock: clock.wallClock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func request(of satellite: NodeID? = nil) -> SettlementRequest {
        let limit = OrderLimit(
            serialNumber: .random(using: random), satelliteID: satellite ?? self.satellite,
            storageNodeID: .random(using: random), pieceID: .random(using: random), limit: 1000, action: .put,
            orderExpiration: clock.now.advanced(by: .seconds(86_400)), orderCreation: clock.now,
            uplinkPublicKey: key.publicKey, satelliteSignature: random.bytes(count: 71))
        return SettlementRequest(
            limit: limit, order: key.sign(Order(serialNumber: limit.serialNumber, amount: 900)))
    }

    private func add(_ request: SettlementRequest, to store: OrderStore) async throws {
        try await store.add(limit: try #require(request.limit), order: try #require(request.order))
    }

    private func ready(_ store: OrderStore) async throws -> [OrderWindow] {
        try await store.readyWindows(satellite: satellite, grace: .seconds(3600))
    }

    private func contents(_ window: OrderWindow, in store: OrderStore) async throws -> [SettlementRequest] {
        let reader = try await store.reader(window)
        var requests: [SettlementRequest] = []
        while let request = try await reader.next() { requests.append(request) }
        return requests
    }

    private func nextDay() { clock.advance(by: .seconds(86_400)) }

    @Test func `orders come back unchanged, by satellite and hour, oldest first`() async throws {
        let store = try open()
        let first = [request(), request()]
        for request in first { try await add(request, to: store) }
        try await add(request(of: Self.satellite(random)), to: store)
        clock.advance(by: .seconds(3600))
        let second = request()
        try await add(second, to: store)
        nextDay()
        let windows = try await ready(store)
        #expect(windows.count == 2)
        #expect(try await contents(windows[0], in: store) == first)
        #expect(try await contents(windows[1], in: store) == [second])
    }

    @Test func `a window waits until its limits cannot be used any more`() async throws {
        let store = try open()
        try await add(request(), to: store)
        clock.advance(by: .seconds(7200))
        #expect(try await ready(store).isEmpty)
        clock.advance(by: .nanoseconds(1))
        #expect(try await ready(store).count == 1)
    }

    @Test func `a window waits for its transfers`() async throws {
        let store = try open()
        try await add(request(), to: store)
        let first = store.begin(satellite: satellite, created: clock.now)
        let second = store.begin(satellite: satellite, created: clock.now)
        nextDay()
        first.end()
        first.end()
        #expect(try await ready(store).isEmpty)
        second.end()
        #expect(try await ready(store).count == 1)
    }

    @Test func `an added order survives a restart, and later ones follow it`() async throws {
        let (first, second) = (request(), request())
        try await add(first, to: open())
        let store = try open()
        try await add(second, to: store)
        nextDay()
        let window = try #require(try await ready(store).first)
        let reader = try await store.reader(window)
        #expect(try await reader.next() == first)
        #expect(try await reader.next() == second)
        #expect(try await reader.next() == nil)
        #expect(reader.damagedBytes == 0)
    }

    @Test func `a power cut costs at most what was not synchronized`() async throws {
        let store = try open()
        let old = [request(), request()]
        for request in old { try await add(request, to: store) }
        await store.close()
        for _ in 0..<20 { try await add(request(), to: store) }
        disk.crash()
        let reopened = try open()
        let new = request()
        try await add(new, to: reopened)
        nextDay()
        let found = try await contents(try #require(try await ready(reopened).first), in: reopened)
        #expect(found.starts(with: old))
        #expect(found.last == new)
    }

    @Test func `a damaged byte costs one order`() async throws {
        let requests = (0..<3).map { _ in request() }
        let store = try open()
        for request in requests { try await add(request, to: store) }
        await store.close()
        nextDay()
        let window = try #require(try await ready(store).first)
        let size = try requests.map { try $0.encoded().count }.reduce(0, +)
        var losses: [Int] = []
        for offset in stride(from: 0, to: size, by: 13) {
            disk.flipByte(of: "/node/orders/unsent/" + window.fileName, at: Int64(offset))
            losses.append(3 - (try await contents(window, in: store)).count)
            disk.flipByte(of: "/node/orders/unsent/" + window.fileName, at: Int64(offset))
        }
        #expect(losses.allSatisfy { $0 <= 1 })
        #expect(losses.contains(1))
        #expect(try await contents(window, in: store) == requests)
    }

    @Test func `a full disk is reported, and does not spoil what comes later`() async throws {
        let store = try open()
        let first = request()
        try await add(first, to: store)
        disk.setFaults { $0.freeSpace = 20 }
        await #expect(throws: PieceStoreError.self) { try await add(request(), to: store) }
        disk.setFaults { $0.freeSpace = nil }
        let last = request()
        try await add(last, to: store)
        nextDay()
        #expect(try await contents(try #require(try await ready(store).first), in: store) == [first, last])
    }

    @Test func `a settled window is put aside for some days`() async throws {
        let store = try open()
        try await add(request(), to: store)
        nextDay()
        try await store.archive(try #require(try await ready(store).first), accepted: true)
        #expect(try await ready(store).isEmpty)
        #expect(try disk.list("/node/orders/archive").first?.hasSuffix("-ACCEPTED.v1") == true)
        try await store.cleanArchive(lifetime: .seconds(7 * 86_400))
        #expect(try disk.list("/node/orders/archive").count == 1)
        clock.advance(by: .seconds(7 * 86_400 + 1))
        try await store.cleanArchive(lifetime: .seconds(7 * 86_400))
        #expect(try disk.list("/node/orders/archive").isEmpty)
    }

    @Test func `many transfers at once each keep their order`() async throws {
        let store = try open()
        let requests = (0..<200).map { _ in request() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for request in requests { group.addTask { try await add(request, to: store) } }
            try await group.waitForAll()
        }
        nextDay()
        let found = try await contents(try #require(try await ready(store).first), in: store)
        #expect(Set(found) == Set(requests) && found.count == 200)
    }

    @Test func `a file has the form that other nodes write`() async throws {
        let store = try open()
        let added = request()
        try await add(added, to: store)
        let window = OrderWindow(satellite: satellite, created: clock.now)
        #expect(window.fileName == "unsent-orders-\(satellite)-1767225600000000000.v1")
        let file = try disk.open("/node/orders/unsent/" + window.fileName, .read)
        let bytes = try file.bytes(at: 0, count: 10_000)
        let (limit, order) = (try #require(added.limit).encoded, try #require(added.order).encoded)
        let body =
            [UInt8(limit.count & 0xff), UInt8(limit.count >> 8)] + limit + [UInt8(order.count), 0] + order
        let checksum = CRC32.checksum(body)
        let expected: [[UInt8]] = [
            [0x0d, 0xdb, 0xa1, 0x1a, 0xcc, 0x01, 0xad, 0xe5], satellite.bytes,
            (0..<8).map { UInt8(truncatingIfNeeded: 1_767_225_600_000_000_000 >> ($0 * 8)) },
            [0x5c, 0xa1, 0xab, 0x1e, 0xba, 0x5e, 0xba, 0x11], body,
            (0..<4).map { UInt8(truncatingIfNeeded: checksum >> ($0 * 8)) },
            [0xfe, 0xed, 0x1f, 0x00, 0xd1, 0xc0, 0xff, 0xee],
        ]
        #expect(bytes == expected.flatMap { $0 })
        #expect(CRC32.checksum("123456789".utf8) == 0xcbf4_3926)
    }

    @Test func `an order too long for a file is refused`() async throws {
        let store = try open()
        let limit = OrderLimit(
            serialNumber: .random(using: random), satelliteID: satellite, storageNodeID: .random(using: random),
            pieceID: .random(using: random), limit: 1, action: .put, orderExpiration: nil, orderCreation: clock.now,
            uplinkPublicKey: [], encryptedMetadata: random.bytes(count: 70_000))
        await #expect(throws: OrderStoreError.orderTooLong) {
            try await store.add(limit: limit, order: Order(serialNumber: limit.serialNumber, amount: 1))
        }
    }

    @Test func `after the disk threads have stopped nothing is accepted`() async throws {
        let store = try open()
        pool.shutDown()
        await #expect(throws: OrderStoreError.closed) { try await add(request(), to: store) }
    }
}
