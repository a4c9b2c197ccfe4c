import Blake3
import DRPC
import Foundation
import Identity
import Logging
import NIOCore
import Orders
import PieceStore
import StorageModel
import StorageNode
import WireMessages

/// A storage node on a real disk behind TLS, and a client that does what uplinks do.
struct BenchNode: Sendable {
    private let satellite: NodeIdentity
    private let pieceKey = PieceKey.generate(random: .system)
    private let dialer: TLSDialer
    private let url: NodeURL

    private static let now = Timestamp(microseconds: 1_767_225_600_000_000)
    private static let clock = WallClock { now }
    private static let satelliteAddress = "satellite:7777"

    /// Runs a benchmark with a node of its own.
    static func run<Result: Sendable>(_ body: (BenchNode) async throws -> Result) async throws -> Result {
        try await Workload.withFolder { folder in
            let eventLoops = RPCEventLoops(threadCount: 2)
            let pool = BlockingPool(threads: 4)
            defer { pool.shutDown() }
            let identity = NodeIdentity.generate(random: .system)
            let dialer = try TLSDialer(
                identity: .generate(random: .system), settings: RPCDialerSettings(), eventLoops: eventLoops)
            let satellite = NodeIdentity.generate(random: .system)
            let router = try await makeRouter(identity, satellite, folder: folder.path, pool: pool)
            let server = try RPCServer(
                identity: identity, router: router, settings: RPCServerSettings(), eventLoops: eventLoops,
                logger: silent)
            let node = BenchNode(
                satellite: satellite, dialer: dialer, url: NodeURL(id: identity.id, address: try await server.bind()))
            let result = try await Workload.whileRunning(server) { try await body(node) }
            await dialer.close()
            await eventLoops.shutdown()
            return result
        }
    }

    private static let silent = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

    private static func makeRouter(
        _ identity: NodeIdentity, _ satellite: NodeIdentity, folder: String, pool: BlockingPool
    ) async throws -> RPCRouter {
        let store = try await PieceStore.open(
            folder: folder + "/pieces", pool: pool, clock: clock, random: .system, logger: silent)
        let orders = try OrderStore(folder: folder + "/orders", pool: pool, clock: clock, logger: silent)
        let network = InProcessNetwork()
        var satelliteRouter = RPCRouter()
        satelliteRouter.unary(NodeMethods.getTime) { _, _ in Node_GetTimeResponse() }
        network.register(satelliteRouter, identity: satellite.peer, address: satelliteAddress)
        let settings = StorageNodeSettings()
        let trust = TrustList(
            satellites: [NodeURL(id: satellite.id, address: satelliteAddress)],
            dialer: network.dialer(as: identity.peer), logger: silent)
        let space = SpaceMeter(store: store, allocated: settings.allocatedSpace)
        try await space.refresh()
        var router = RPCRouter()
        PieceEndpoint(
            parts: .init(
                identity: identity, store: store, trust: trust, orders: orders, space: space,
                lastContact: LastContact(), settings: settings, clock: clock, logger: silent, spaceChanged: { _ in }),
            serials: SerialNumberStore()
        ).register(in: &router)
        return router
    }

    private init(satellite: NodeIdentity, dialer: TLSDialer, url: NodeURL) {
        self.satellite = satellite
        self.dialer = dialer
        self.url = url
    }

    /// Uploads `content` under `count` ids, eight at a time; the hash the node signed.
    @discardableResult
    func upload(_ content: [UInt8], count: Int) async throws -> [UInt8] {
        let buffer = ByteBuffer(bytes: content)
        let hash = Blake3Hasher.hash(content).bytes
        try await Workload.concurrently(count, width: 8) { index in
            let limit = limit(.put, piece: pieceID(index), size: content.count)
            let done = pieceKey.sign(
                PieceHash(
                    pieceID: limit.pieceID, hash: Blake3Hasher.hash(content).bytes, pieceSize: Int64(content.count),
                    timestamp: Self.now, hashAlgorithm: .blake3))
            let answer = try await dialer.connect(to: url).withStream(PiecestoreMethods.upload) { stream in
                try await stream.send(PieceUploadRequest(limit: limit, hashAlgorithm: .blake3))
                var orders = OrderSteps(limit: Int64(content.count))
                var rest = buffer
                while let data = rest.readSlice(length: min(64 << 10, rest.readableBytes)), data.readableBytes > 0 {
                    let offset = Int64(content.count - rest.readableBytes - data.readableBytes)
                    let amount = orders.amount(needed: offset + Int64(data.readableBytes))
                    try await stream.send(
                        PieceUploadRequest(
                            order: amount.map { order(limit, amount: $0) }, chunk: .init(offset: offset, data: data)))
                }
                try await stream.send(PieceUploadRequest(done: done))
                stream.closeSend()
                return try await stream.receive()
            }
            precondition(answer?.done?.hash == hash, "what is measured is right")
        }
        return hash
    }

    /// Downloads the first `count` pieces of that size, eight at a time; the bytes of one.
    func download(_ size: Int, count: Int) async throws -> [UInt8] {
        try await Workload.concurrently(count, width: 8) { index in
            let content = try await download(size, piece: pieceID(index))
            precondition(content.readableBytes == size, "what is measured is right")
        }
        return Array(try await download(size, piece: pieceID(0)).readableBytesView)
    }

    private func download(_ size: Int, piece: PieceID) async throws -> ByteBuffer {
        let limit = limit(.get, piece: piece, size: size)
        return try await dialer.connect(to: url).withStream(PiecestoreMethods.download) { stream in
            try await stream.send(
                PieceDownloadRequest(
                    limit: limit, chunk: .init(offset: 0, size: Int64(size)), maximumChunkSize: 16 << 10))
            var orders = OrderSteps(limit: Int64(size))
            var content = ByteBuffer()
            content.reserveCapacity(size)
            while content.readableBytes < size {
                if let amount = orders.amount(needed: min(Int64(size), Int64(content.readableBytes) + (256 << 10))) {
                    try await stream.send(PieceDownloadRequest(order: order(limit, amount: amount)))
                }
                guard let response = try await stream.receive() else { break }
                if let chunk = response.chunk { content.writeImmutableBuffer(chunk.data) }
            }
            stream.closeSend()
            while try await stream.receive() != nil {}
            return content
        }
    }

    private func limit(_ action: PieceAction, piece: PieceID, size: Int) -> OrderLimit {
        OrderLimit(
            serialNumber: .random(using: .system), satelliteID: satellite.id, storageNodeID: url.id, pieceID: piece,
            limit: Int64(size), action: action, pieceExpiration: nil,
            orderExpiration: Self.now.advanced(by: .seconds(86_400)), orderCreation: Self.now,
            uplinkPublicKey: pieceKey.publicKey
        ).signed(by: satellite)
    }

    private func order(_ limit: OrderLimit, amount: Int64) -> Order {
        pieceKey.sign(Order(serialNumber: limit.serialNumber, amount: amount))
    }

    private func pieceID(_ index: Int) -> PieceID { PieceID(storage: Bytes32(words: [UInt64(index), 1, 2, 3])) }
}

/// The amounts an uplink orders: 256 KiB ahead at first, then half as much again each time, up to 550 KiB.
private struct OrderSteps {
    let limit: Int64
    private var ordered: Int64 = 0
    private var step: Int64 = 256 << 10

    init(limit: Int64) { self.limit = limit }

    /// The next order's amount when what was ordered does not cover `needed`.
    mutating func amount(needed: Int64) -> Int64? {
        guard needed > ordered else { return nil }
        ordered = min(limit, max(needed, ordered + step))
        step = min(550 << 10, step * 3 / 2)
        return ordered
    }
}
