import DRPC
import Foundation
import Identity
import Logging
import Orders
import PieceTransfer
import StorageModel
import WireMessages

extension Benchmark {
    /// Segments to nodes that keep nothing, over TLS: CPU of the client's threads only.
    static var upload: [Benchmark] {
        [
            Benchmark(name: "segment upload 4/8", unit: "GB/s of client CPU", ceiling: "0.75 encode, hash, TLS send") {
                scale in
                let size = scale == .real ? 64 << 20 : 8 << 10
                return try await upload(segmentSize: size, count: scale == .real ? 32 : 1, width: 2) {
                    Double(size) * $0 / 1e9
                }
            },
            Benchmark(name: "small uploads 4/8", unit: "/s of client CPU", ceiling: "not measured") { scale in
                try await upload(segmentSize: 104_000, count: scale == .real ? 4000 : 2, width: 16) { $0 }
            },
        ]
    }

    private static func upload(
        segmentSize: Int, count: Int, width: Int, figure: (Double) -> Double
    ) async throws -> Result {
        let network = try await ForgetfulNetwork(segmentSize: segmentSize)
        return try await network.whileRunning {
            let hash = try await network.upload()
            let start = network.clientSeconds
            try await Workload.concurrently(count, width: width) { _ in _ = try await network.upload() }
            let seconds = network.clientSeconds - start
            return Result(figure: figure(Double(count) / seconds), digest: digest(hash))
        }
    }
}

/// Nodes that sign for whatever they get, and an uploader on event loops of its own.
private final class ForgetfulNetwork: Sendable {
    private let content: [UInt8]
    private let scheme = RedundancyScheme.development
    private let nodeLoops: RPCEventLoops
    private let nodeThreads: Set<String>
    private let clientLoops: RPCEventLoops
    private let servers: [RPCServer]
    private let dialer: TLSDialer
    private let uploader: PieceUploader
    private let memory = TransferMemory()
    private let nodes: [NodeURL]
    private let key = PieceKey.generate(random: .system)
    private let wallClock = WallClock { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)) }

    init(segmentSize: Int) async throws {
        content = Benchmark.input(64 << 10)
        size = segmentSize
        // All threads of a group run as soon as it is made.
        let before = ThreadTimes.threads
        nodeLoops = RPCEventLoops(threadCount: 2)
        nodeThreads = ThreadTimes.threads.subtracting(before)
        clientLoops = RPCEventLoops(threadCount: 2)
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        var servers: [RPCServer] = []
        var nodes: [NodeURL] = []
        for _ in 0..<scheme.totalShares {
            let identity = NodeIdentity.generate(random: .system)
            let server = try RPCServer(
                identity: identity, router: Self.router(identity, wallClock), settings: RPCServerSettings(),
                eventLoops: nodeLoops, logger: logger)
            nodes.append(NodeURL(id: identity.id, address: try await server.bind()))
            servers.append(server)
        }
        self.servers = servers
        self.nodes = nodes
        var settings = RPCDialerSettings()
        settings.maximumIdlePerNode = 32
        settings.maximumIdle = 500
        dialer = try TLSDialer(identity: .generate(random: .system), settings: settings, eventLoops: clientLoops)
        let clock = TransferClock.system(wallClock)
        uploader = PieceUploader(
            dialer: dialer, book: NodeBook(clock: clock), settings: TransferSettings(), clock: clock, logger: logger)
    }

    private let size: Int

    /// Takes a piece and signs the hash it came with.
    private static func router(_ identity: NodeIdentity, _ clock: WallClock) -> RPCRouter {
        var router = RPCRouter()
        router.stream(PiecestoreMethods.upload) { stream, _ in
            var done: PieceHash?
            while done == nil, let message = try await stream.receive() { done = message.done }
            guard let done else { return }
            let hash = PieceHash(
                pieceID: done.pieceID, hash: done.hash, pieceSize: done.pieceSize, timestamp: clock.now(),
                hashAlgorithm: done.hashAlgorithm)
            try await stream.send(
                PieceUploadResponse(
                    done: hash.signed(by: identity), nodeCertificateChain: identity.chain.concatenated))
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

    /// One segment, from beginning to end; the hash of its first piece.
    func upload() async throws -> [UInt8] {
        let (serial, time) = (SerialNumber.random(using: .system), wallClock.now())
        let limits = nodes.map { node -> AddressedLimit? in
            let limit = OrderLimit(
                serialNumber: serial, satelliteID: node.id, storageNodeID: node.id, pieceID: PieceID(), limit: 1 << 30,
                action: .put, orderExpiration: time, orderCreation: time, uplinkPublicKey: key.publicKey)
            return AddressedLimit(limit: limit, node: node)
        }
        let assignment = SegmentAssignment(scheme: scheme, limits: limits, privateKey: key)
        let segment = try SegmentBuffer(scheme: scheme, blockSize: 7424, capacity: Int64(size), memory: memory)
        async let pieces = uploader.upload(segment, assignment: assignment) { _ in assignment }
        for start in stride(from: 0, to: size, by: content.count) {
            let count = min(content.count, size - start)
            try await segment.write(count: count) { $0.copyBytes(from: content[..<count]) }
        }
        segment.finish()
        let stored = try await pieces
        precondition(stored.count >= scheme.optimalShares, "what is measured is right")
        return stored.first { $0.number == 0 }?.hash.hash ?? []
    }

    /// CPU seconds of all threads but the nodes'.
    var clientSeconds: Double {
        Stopwatch.processCPU.read() - nodeThreads.reduce(0) { $0 + ThreadTimes.seconds(of: $1) }
    }
}
