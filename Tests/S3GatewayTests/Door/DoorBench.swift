import AccessGrants
import Chores
import DRPC
import Encryption
import GatewayRecords
import Identity
import Logging
import NIOCore
import NIOPosix
import S3Gateway
import S3Protocol
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import Uplink

/// A satellite without sockets, and a gateway on a port of this machine that is spoken to in bytes.
struct DoorBench {
    let satellite: TestSatellite
    let project: Uplink.Project
    let port: Int
    let credential: Credential
    var signer: RequestSigner

    /// Runs `body` with a gateway that has a bucket named `bucket`.
    static func with(
        _ settings: GatewaySettings = GatewaySettings(), _ body: @escaping @Sendable (DoorBench) async throws -> Void
    ) async throws {
        let satellite = try await TestSatellite(nodeCount: 0)
        let key = try #require(EncryptionKey([UInt8](repeating: 1, count: 32)))
        let grant = try AccessGrant(
            satelliteAddress: "\(satellite.identity.id)@127.0.0.1:7777", apiKey: satellite.key, rootKey: key)
        let project = try open(grant, satellite)
        try await project.createBucket("bucket")
        let clock = satellite.clock.wallClock
        let records = try await GatewayRecords.inMemory(key: GatewayKey(bytes: satellite.random.bytes(count: 32)))
        let credential = try await CredentialRegistrar(records: records, random: satellite.random, clock: clock)
            .register(grant: try Access(grant.text), of: project)
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let gateway = Gateway(
            records: records, settings: settings, configuration: Configuration(), clock: clock,
            sleeper: Sleeper { _ in try await Task.sleep(for: .seconds(3600)) }, random: satellite.random,
            logger: Logger(label: "test"), open: { access, _ in try open(AccessGrant(text: access.text), satellite) },
            bound: { continuation.yield($0) })
        try await withThrowingTaskGroup { group in
            group.addTask { try await gateway.run() }
            group.addTask {
                let port = try #require(await ports.first { _ in true })
                let signer = RequestSigner(
                    accessKeyID: credential.accessKeyID, secret: credential.secretKey, date: S3Date.compact(clock.now()))
                try await body(
                    DoorBench(satellite: satellite, project: project, port: port, credential: credential, signer: signer))
            }
            // The body's end; the gateway runs until it is cancelled.
            _ = try await group.next()
            group.cancelAll()
            while let _ = await group.nextResult() {}
        }
    }

    private static func open(_ grant: AccessGrant, _ satellite: TestSatellite) throws -> Uplink.Project {
        try Uplink.Project(
            grant: grant, configuration: Configuration(),
            connections: ClientConnections(dialer: satellite.network.dialer(as: nil)), random: .seeded(7),
            clock: satellite.clock.wallClock, pause: { _ in })
    }

    var host: String { "127.0.0.1:\(port)" }

    /// Sends bytes and reads until the gateway closes.
    ///
    /// - Parameter isCutOff: whether the client is gone after them: nothing more will come.
    func exchange(_ bytes: [UInt8], isCutOff: Bool = false) async throws -> [UInt8] {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var answer: [UInt8] = []
            do {
                try await outbound.write(ByteBuffer(bytes: bytes))
                if isCutOff { outbound.finish() }
                for try await bytes in inbound { answer += bytes.readableBytesView }
            } catch {
                // A gateway that hears no more of a body closes: what it said before that counts.
            }
            return answer
        }
    }

    /// A request as it goes over the wire, without its body.
    func head(_ method: String, _ target: String, _ headers: [(String, String)]) -> [UInt8] {
        let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        return Array("\(method) \(target) HTTP/1.1\r\n\(lines)Connection: close\r\n\r\n".utf8)
    }

    /// Sends a signed request and reads its answer.
    ///
    /// - Parameters:
    ///   - payload: what `x-amz-content-sha256` says; nil for the body's own hash.
    ///   - announced: what `Content-Length` says; nil for the body's own length.
    func send(
        _ method: String, _ target: String, _ headers: [(String, String)] = [], body: [UInt8] = [], payload: String? = nil,
        announced: Int? = nil, isCutOff: Bool = false
    ) async throws -> DoorAnswer {
        let length = ("Content-Length", "\(announced ?? body.count)")
        let signed = signer.signed(method, target, [("Host", host)] + headers, payload: payload ?? RequestSigner.hash(body))
        return try DoorAnswer(
            try await exchange(head(method, target, signed.headers + [length]) + body, isCutOff: isCutOff))
    }

    /// Whether the satellite has such an object, or anything of one.
    func isThere(_ key: String) async throws -> Bool {
        try await send("GET", "/bucket/\(key)").status == 200
    }
}
