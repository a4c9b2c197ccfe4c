import Foundation
import Installation
import LocalNetwork
import Logging
import StorageModel
import TestSupport
import Testing

@Suite struct LocalNetworkTests {
    private func network(in folder: URL) -> LocalNetwork {
        LocalNetwork(
            options: NetworkOptions(folder: folder, nodeCount: 3, redundancy: scheme, executable: folder),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private var scheme: RedundancyScheme {
        guard let scheme = RedundancyScheme(text: "1/2/2/3") else { preconditionFailure("the scheme is in order") }
        return scheme
    }

    @Test func `the second start finds the identities, ports, project and grant of the first`() async throws {
        try await withTemporaryFolder { folder in
            let first = try await network(in: folder).setUp()
            let settings = try Data(contentsOf: folder.appending(path: "node02/settings.json"))
            let certificate = try Data(contentsOf: folder.appending(path: "satellite/identity.cert"))
            let second = try await network(in: folder).setUp()
            #expect(first == second)
            #expect(try Data(contentsOf: folder.appending(path: "node02/settings.json")) == settings)
            #expect(try Data(contentsOf: folder.appending(path: "satellite/identity.cert")) == certificate)
        }
    }

    @Test func `files that hold keys are readable by their owner only`() async throws {
        try await withTemporaryFolder { folder in
            _ = try await network(in: folder).setUp()
            for name in ["access.json", "satellite/settings.json", "satellite/secrets.json", "node01/identity.key"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
            }
        }
    }

    @Test func `nodes are spread over subnets, and chosen settings are kept`() async throws {
        try await withTemporaryFolder { folder in
            var options = NetworkOptions(folder: folder, nodeCount: 4, redundancy: scheme, executable: folder)
            options.subnetCount = 3
            options.satelliteSettings = ["node.online_window": "30s"]
            options.nodeSettings = ["check_in_interval": "5s"]
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            _ = try await LocalNetwork(options: options, logger: logger).setUp()
            let satellite = try SatelliteFolder(folder.appending(path: "satellite")).values()
            #expect(satellite.flag("node.distinct_subnets") && satellite.duration("node.online_window") == .seconds(30))
            let hosts = try (1...4).map { try NodeFolder(folder.appending(path: "node0\($0)")).values() }.map { values in
                #expect(values.duration("check_in_interval") == .seconds(5))
                return try values.hostAndPort("address").host
            }
            #expect(hosts == ["127.1.0.1", "127.1.1.1", "127.1.2.1", "127.1.0.1"])
        }
    }

    @Test func `a setting that does not exist is refused before anything is written`() async throws {
        try await withTemporaryFolder { folder in
            var options = NetworkOptions(folder: folder, nodeCount: 3, redundancy: scheme, executable: folder)
            options.satelliteSettings = ["no.such": "1"]
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            await #expect(throws: SettingsError.self) { try await LocalNetwork(options: options, logger: logger).setUp() }
            #expect(!SatelliteFolder(folder.appending(path: "satellite")).isSetUp)
        }
    }

    @Test func `a gateway's settings are checked before anything is written, and kept`() async throws {
        try await withTemporaryFolder { folder in
            let gateway = GatewayFolder(folder.appending(path: "gateway"))
            for wrong in [["no.such": "1"], ["tls.key": "key.pem"], ["webhooks": "nowhere"], ["address": "here"]] {
                #expect(throws: SettingsError.self) { try gateway.setUp(overrides: wrong) }
            }
            #expect(!FileManager.default.fileExists(atPath: gateway.url.path))
            try gateway.setUp(overrides: ["domains": "S3.example.org", "webhooks": "logs=https://secret@example.org/x"])
            try gateway.setUp(overrides: ["domains": "second start"])
            let values = try gateway.values()
            #expect(values.text("domains") == "S3.example.org")
            #expect(!values.lines.joined().contains("secret"))
        }
    }

    @Test func `a satellite's settings are checked before anything runs`() async throws {
        try await withTemporaryFolder { folder in
            let satellite = SatelliteFolder(folder)
            try await satellite.setUp(overrides: ["redundancy": "5/4/3/2"], difficulty: 8)
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            #expect(throws: (any Error).self) { try SatelliteProgram(folder: satellite, logger: logger) }
        }
    }

    @Test(arguments: ["", "192.168.1.1", "192.168.1.1:5351", "fe80::1"])
    func `a router is named by its address, with its port or without`(text: String) async throws {
        try await withTemporaryFolder { folder in
            _ = try NodeSetupProgram(
                folder: NodeFolder(folder), flags: ["map_port_router": text], runsNode: false,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }
    }

    @Test(arguments: ["router.example.org", "192.168.1.1:0", "192.168.1.1:65536", "192.168.1.1:", ":5351", "192.168.1"])
    func `what is no address of a router is refused before a node runs`(text: String) async throws {
        try await withTemporaryFolder { folder in
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            #expect(throws: SettingsError.self) {
                try NodeSetupProgram(
                    folder: NodeFolder(folder), flags: ["map_port_router": text], runsNode: false, logger: logger)
            }
        }
    }
}
