import DRPC
import ErasureCode
import Foundation
import Identity
import Logging
import NIOCore
import Orders
import PieceTransfer
import StorageModel
import Synchronization
import WireMessages

extension Benchmark {
    /// Segments from nodes that serve memory over TLS: CPU of the client's threads only.
    static var transfer: [Benchmark] {
        [
            Benchmark(name: "segment download 4/8", unit: "GB/s of client CPU", ceiling: "2.4 TLS receive, decode") {
                scale in
                let size = scale == .real ? 64 << 20 : 8 << 10
                return try await download(segmentSize: size, count: scale == .real ? 16 : 1, width: 4) {
                    Double(size) * $0 / 1e9
                }
            },
            Benchmark(name: "small downloads 4/8", unit: "/s of client CPU", ceiling: "not measured") { scale in
                try await download(segmentSize: 100 << 10, count: scale == .real ? 4000 : 2, width: 16) { $0 }
            },
        ]
    }

    /// Downloads `count` segments, `width` at a time.
    private static func download(
        segmentSize: Int, count: Int, width: Int, figure: (Double) -> Double
    ) async throws -> Result {
        let network = try await PieceNetwork(segmentSize: segmentSize)
        defer { withExtendedLifetime(network) {} }
        return try await network.whileRunning {
            try await network.download()
            let start = network.clientSeconds
            try await Workload.concurrently(count, width: width) { _ in try await network.download() }
            let seconds = network.clientSeconds - start
            return Result(figure: figure(Double(count) / seconds), digest: digest(network.stripes.suffix(64)))
        }
    }
}

/// Nodes with the data pieces of one segment, and a downloader on event loops of its own.
private final class PieceNetwork: Sendable {
    let stripes: [UInt8]
    private let scheme = RedundancyScheme.development
    private let nodeLoops: RPCEventLoops
    private let nodeThreads: Set<String>
    private let clientLoops: RPCEventLoops
    private let servers: [RPCServer]
    private let dialer: TLSDialer
    private let downloader: PieceDownloader
    private let places: [(id: NodeID, address: String)]
    private let key = PieceKey.generate(random: .system)
    private let pieceSize: Int64

    init(segmentSize: Int) async throws {
        let stripes = Benchmark.input(segmentSize / scheme.stripeSize * scheme.stripeSize)
        self.stripes = stripes
        // All threads of a group run as soon as it is made.
        let before = ThreadTimes.threads
        nodeLoops = RPCEventLoops(threadCount: 2)
        nodeThreads = ThreadTimes.threads.subtracting(before)
        clientLoops = RPCEventLoops(threadCount: 2)
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let pieces = ErasureEncoder(scheme: scheme).encode(stripes)
        pieceSize = Int64(pieces[0].count)
        var servers: [RPCServer] = []
        var places: [(id: NodeID, address: String)] = []
        for piece in pieces.prefix(scheme.requiredShares) {
            let identity = NodeIdentity.generate(random: .system)
            let server = try RPCServer(
                identity: identity, router: Self.router(ByteBuffer(bytes: piece)), settings: RPCServerSettings(),
                eventLoops: nodeLoops, logger: logger)
            places.append((identity.id, try await server.bind()))
            servers.append(server)
        }
        self.servers = servers
        self.places = places
        var settings = RPCDialerSettings()
        settings.maximumIdlePerNode = 32
        settings.maximumIdle = 500
        dialer = try TLSDialer(identity: .generate(random: .system), settings: settings, eventLoops: clientLoops)
        let clock = TransferClock.system(WallClock { Timestamp(microseconds: Int64(Stopwatch.wall.read() * 1e6)) })
        downloader = PieceDownloader(
            dialer: dialer, book: NodeBook(clock: clock), settings: TransferSettings(), clock: clock, logger: logger)
    }

    /// Serves a piece to whoever asks, as far as orders go.
    private static func router(_ piece: ByteBuffer) -> RPCRouter {
        var router = RPCRouter()
        router.stream(PiecestoreMethods.download) { stream, _ in
            guard let first = try await stream.receive(), let range = first.chunk else { return }
            var amount = first.order?.amount ?? 0
            var sent: Int64 = 0
            while sent < range.size {
                while amount <= sent {
                    guard let order = try await stream.receive()?.order else { return }
                    amount = order.amount
                }
                let count = min(Int64(first.maximumChunkSize), amount - sent)
                guard let data = piece.getSlice(at: Int(range.offset + sent), length: Int(count)) else { return }
                try await stream.send(PieceDownloadResponse(chunk: .init(offset: range.offset + sent, data: data)))
                sent += count
            }
            while try await stream.receive() != nil {}
        }
        return router
    }

    func whileRunning<Result>(_ body: () async throws -> Result) async throws -> Result {
        let result = try await withThrowingTaskGroup(of: Void.self) { group in
            for server in servers { group.addTask { try await server.run() } }
            let result = try await body()
            group.cancelAll()
            // The servers were told to stop: how they say so does not matter.
            while await group.nextResult() != nil {}
            return result
        }
        await dialer.close()
        await clientLoops.shutdown()
        await nodeLoops.shutdown()
        return result
    }

    /// One segment, from beginning to end.
    func download() async throws {
        var limits = [AddressedLimit?](repeating: nil, count: scheme.totalShares)
        let serial = SerialNumber.random(using: .system)
        for (number, place) in places.enumerated() {
            let limit = OrderLimit(
                serialNumber: serial, satelliteID: place.id, storageNodeID: place.id, pieceID: PieceID(),
                limit: pieceSize, action: .get, orderExpiration: nil, orderCreation: nil,
                uplinkPublicKey: key.publicKey)
            limits[number] = AddressedLimit(limit: limit, node: NodeURL(id: place.id, address: place.address))
        }
        let assignment = SegmentAssignment(scheme: scheme, limits: limits, privateKey: key)
        var count = 0
        try await downloader.download(
            assignment, range: 0..<pieceSize, more: { assignment }, deliver: { count += $0.count })
        precondition(count == stripes.count, "what is measured is right")
    }

    // MARK: Threads

    /// CPU seconds of all threads but the nodes'.
    var clientSeconds: Double {
        Stopwatch.processCPU.read() - nodeThreads.reduce(0) { $0 + ThreadTimes.seconds(of: $1) }
    }
}
