import Chores
import ConsoleKit
import DRPC
import Foundation
import Identity
import Logging
import StorageModel
import StorageNode
import StorjShare
import TestSupport
import WebTesting
import WireMessages

/// A node in a temporary folder with a satellite it works for, and its app, without a socket.
struct ShareFixture {
    let clock = TestClock()
    let node: StorageNode
    let satellite: NodeIdentity
    let app: WebApp

    static let token = "a token of some length"
    private static let loops = RPCEventLoops(threadCount: 1)
    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs a test with an app.
    static func run(
        _ change: (inout StorjShareSettings) -> Void = { _ in }, _ body: (ShareFixture) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            var settings = StorjShareSettings()
            change(&settings)
            let fixture = try await ShareFixture(folder: folder, settings: settings)
            try await body(fixture)
            let run = Task { try await fixture.node.run() }
            run.cancel()
            // Told to stop: how it says so does not matter.
            _ = await run.result
        }
    }

    private init(folder: URL, settings: StorjShareSettings) async throws {
        let identity = NodeIdentity.generate(random: .seeded(1))
        satellite = NodeIdentity.generate(random: .seeded(2))
        var wanted = StorageNodeSettings()
        wanted.minimumAllocatedSpace = 0
        wanted.allocatedSpace = 1_000_000_000
        wanted.satellites = [NodeURL(id: satellite.id, address: "sat.example.org:7777")]
        node = try await StorageNode(
            settings: wanted,
            parts: StorageNodeParts(
                identity: identity, folder: folder.path, dialer: InProcessNetwork().dialer(as: identity.peer),
                eventLoops: Self.loops, clock: clock.wallClock,
                sleeper: Sleeper { _ in try await Task.sleep(for: .seconds(3600)) }, random: .seeded(3),
                logger: Self.silent))
        app = try StorjShare(
            node: node, settings: settings, clock: clock.wallClock, random: .seeded(4), logger: Self.silent
        ).makeApp()
    }

    var visitor: WebVisitor { WebVisitor(app) }
}
