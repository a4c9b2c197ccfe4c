import DRPC
import Foundation
import Identity
import Logging
import NIOCore
import StorageModel
import WireMessages

extension Benchmark {
    /// Calls over TLS with both identities checked, client and server in this process: CPU of both ends together.
    static var drpc: [Benchmark] {
        [
            Benchmark(name: "drpc tls upload", unit: "GB/s of CPU", ceiling: "0.89 NIO TLS, 0.93 best") { scale in
                try await transfer(scale) { connection, blob, count in try await connection.upload(blob, count) }
            },
            Benchmark(name: "drpc tls download", unit: "GB/s of CPU", ceiling: "0.89 NIO TLS, 0.93 best") { scale in
                try await transfer(scale) { connection, blob, count in try await connection.download(blob, count) }
            },
            Benchmark(name: "drpc calls", unit: "calls/s of CPU", ceiling: "not measured") { scale in
                try await withServer { network in
                    let connection = try await network.connection()
                    let count = scale == .real ? 20_000 : 3
                    let start = Stopwatch.processCPU.read()
                    try await Workload.concurrently(count, width: 4) { _ in
                        _ = try await connection.call(Blob.echo, Blob.small)
                    }
                    let seconds = Stopwatch.processCPU.read() - start
                    let answer = try await connection.call(Blob.echo, Blob.small)
                    return Result(
                        figure: Double(count) / seconds, digest: digest(Array(answer.bytes.readableBytesView)))
                }
            },
            Benchmark(name: "drpc handshakes", unit: "/s of CPU", ceiling: "555 with a verifier") { scale in
                try await withServer { network in
                    let count = scale == .real ? 300 : 2
                    let start = Stopwatch.processCPU.read()
                    for _ in 0..<count { _ = try await network.connection(isFresh: true).call(Blob.echo, Blob.small) }
                    let seconds = Stopwatch.processCPU.read() - start
                    return Result(figure: Double(count) / seconds, digest: "\(count)")
                }
            },
        ]
    }

    private static func transfer(
        _ scale: Scale, _ body: (any RPCConnection, Blob, Int) async throws -> Blob
    ) async throws -> Result {
        try await withServer { network in
            let connection = try await network.connection()
            let blob = Blob(bytes: ByteBuffer(bytes: input(64 << 10)))
            let count = scale == .real ? 8192 : 2
            let start = Stopwatch.processCPU.read()
            let last = try await body(connection, blob, count)
            let seconds = Stopwatch.processCPU.read() - start
            return Result(
                figure: Double(count * blob.bytes.readableBytes) / seconds / 1e9,
                digest: digest(Array(last.bytes.readableBytesView)))
        }
    }

    private static func withServer(_ body: (BenchNetwork) async throws -> Result) async throws -> Result {
        let network = try await BenchNetwork()
        let result = try await Workload.whileRunning(network.server) { try await body(network) }
        await network.dialer.close()
        await network.eventLoops.shutdown()
        return result
    }
}

/// A message of nothing but bytes.
private struct Blob: WireMessage {
    let bytes: ByteBuffer

    static let small = Blob(bytes: ByteBuffer(bytes: Benchmark.input(100)))
    static let echo = RPCMethod<Blob, Blob>(path: "/bench.Bench/Echo")
    static let upload = RPCMethod<Blob, Blob>(path: "/bench.Bench/Upload")
    static let download = RPCMethod<Blob, Blob>(path: "/bench.Bench/Download")

    static func parse(_ buffer: ByteBuffer) throws -> Blob { Blob(bytes: buffer) }
    func encode(into buffer: inout ByteBuffer) throws { buffer.writeImmutableBuffer(bytes) }
}

/// A server with three methods and one client.
private struct BenchNetwork: Sendable {
    let eventLoops = RPCEventLoops(threadCount: 2)
    let server: RPCServer
    let dialer: TLSDialer
    private let node: NodeURL

    init() async throws {
        var router = RPCRouter()
        router.unary(Blob.echo) { request, _ in request }
        router.stream(Blob.upload) { stream, _ in
            var last = Blob.small
            while let next = try await stream.receive() { last = next }
            try await stream.send(last)
        }
        router.stream(Blob.download) { stream, _ in
            guard let count = try await stream.receive()?.bytes.getInteger(at: 0, as: UInt32.self),
                let blob = try await stream.receive()
            else { return }
            for _ in 0..<count { try await stream.send(blob) }
        }
        var logger = Logger(label: "bench")
        logger.logLevel = .warning
        let identity = NodeIdentity.generate(random: .system)
        server = try RPCServer(
            identity: identity, router: router, settings: RPCServerSettings(), eventLoops: eventLoops, logger: logger)
        dialer = try Self.makeDialer(eventLoops)
        node = NodeURL(id: identity.id, address: try await server.bind())
    }

    /// A connection; a fresh one shares nothing with those before.
    func connection(isFresh: Bool = false) async throws -> any RPCConnection {
        try await (isFresh ? Self.makeDialer(eventLoops) : dialer).connect(to: node)
    }

    private static func makeDialer(_ eventLoops: RPCEventLoops) throws -> TLSDialer {
        try TLSDialer(
            identity: NodeIdentity.generate(random: .system), settings: RPCDialerSettings(), eventLoops: eventLoops)
    }
}

extension RPCConnection {
    fileprivate func upload(_ blob: Blob, _ count: Int) async throws -> Blob {
        try await withStream(Blob.upload) { stream in
            for _ in 0..<count { try await stream.send(blob) }
            stream.closeSend()
            return try await stream.receive() ?? Blob.small
        }
    }

    fileprivate func download(_ blob: Blob, _ count: Int) async throws -> Blob {
        try await withStream(Blob.download) { stream in
            try await stream.send(Blob(bytes: ByteBuffer(integer: UInt32(count))))
            try await stream.send(blob)
            stream.closeSend()
            var last = Blob.small
            while let next = try await stream.receive() { last = next }
            return last
        }
    }
}
