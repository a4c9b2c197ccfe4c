import AccessGrants
import AsyncHTTPClient
import Chores
import DRPC
import Encryption
import Foundation
import GatewayRecords
import HTTPTypes
import Identity
import LinkSharing
import Logging
import NIOCore
import NIOHTTP1
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import Uplink

/// A satellite without sockets, objects in it, and the service on a port of this machine.
struct LinkBench {
    let satellite: TestSatellite
    let project: Uplink.Project
    let access: Access
    let records: GatewayRecords
    let base: String
    let client: HTTPClient

    /// Runs `body` with the service.
    static func with(
        _ settings: LinkSharingSettings = LinkSharingSettings(), _ body: @escaping @Sendable (LinkBench) async throws -> Void
    ) async throws {
        let satellite = try await TestSatellite(nodeCount: 0)
        let key = try #require(EncryptionKey([UInt8](repeating: 1, count: 32)))
        let grant = try AccessGrant(
            satelliteAddress: "\(satellite.identity.id)@127.0.0.1:7777", apiKey: satellite.key, rootKey: key)
        let project = try open(grant, satellite)
        try await project.createBucket("bucket")
        let records = try await GatewayRecords.inMemory(key: GatewayKey(bytes: satellite.random.bytes(count: 32)))
        var settings = settings
        settings.port = 0
        var logger = Logger(label: "test")
        // Connections that are cut at the end of a test are no news.
        logger.logLevel = .critical
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let server = LinkSharingServer(
            settings: settings, records: records, clock: satellite.clock.wallClock,
            sleeper: Sleeper { _ in try await Task.sleep(for: .seconds(3600)) }, logger: logger,
            bound: { continuation.yield($0) },
            open: { access in try open(AccessGrant(text: access.text), satellite) })
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.run() }
            group.addTask {
                let port = try #require(await ports.first { _ in true })
                var configuration = HTTPClient.Configuration()
                configuration.redirectConfiguration = .disallow
                let client = HTTPClient(configuration: configuration)
                let bench = LinkBench(
                    satellite: satellite, project: project, access: try Access(grant.text), records: records,
                    base: "http://127.0.0.1:\(port)", client: client)
                do { try await body(bench) } catch {
                    try await client.shutdown()
                    throw error
                }
                try await client.shutdown()
            }
            // The body's end; the server runs until it is cancelled.
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

    func put(_ key: String, _ content: String, metadata: [String: String] = [:]) async throws {
        let upload = try await project.upload(bucket: "bucket", key: key)
        try await upload.write(ByteBuffer(string: content))
        try await upload.commit(metadata: metadata)
    }

    /// What a read-only grant of a place leads to.
    func link(_ form: SharedLink.Form, _ key: String, shares prefix: String? = nil) throws -> SharedLink {
        let shared = try access.shared(.readOnly, prefixes: [SharePrefix(bucket: "bucket", prefix: prefix ?? key)])
        return SharedLink(form, access: shared.text, bucket: "bucket", key: key)
    }

    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let text: String

        func header(_ name: String) -> String? { headers.first(name: name) }
    }

    /// Asks as a program, or as a browser.
    func get(
        _ path: String, method: String = "GET", headers: [(String, String)] = [], asBrowser: Bool = false
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: method)
        if asBrowser { request.headers.add(name: "Accept", value: "text/html,*/*") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await client.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 20)
        return Answer(
            status: Int(response.status.code), headers: response.headers, text: String(buffer: body))
    }
}
