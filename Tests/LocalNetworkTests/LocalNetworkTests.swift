import Foundation
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

    @Test func `a satellite's settings are checked before anything runs`() async throws {
        try await withTemporaryFolder { folder in
            let satellite = SatelliteFolder(folder)
            try await satellite.setUp(overrides: ["redundancy": "5/4/3/2"], difficulty: 8)
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            #expect(throws: (any Error).self) { try SatelliteProgram(folder: satellite, logger: logger) }
        }
    }
}
