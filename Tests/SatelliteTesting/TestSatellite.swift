package import Accounting
package import Accounts
import Chores
package import DRPC
package import Database
package import Identity
import Logging
package import Macaroons
package import Metabase
package import Metainfo
import Orders
package import Overlay
package import StorageModel
package import TestSupport
package import WireMessages

/// A satellite without sockets: the real endpoint over real rooms in a database in memory, with nodes that answer
/// pings and sign, and a client's connection to it.
package final class TestSatellite: Sendable {
    package let clock: TestClock
    package let random: RandomSource
    package let network = InProcessNetwork()
    package let identity: NodeIdentity
    package let nodes: [NodeID: NodeIdentity]
    package let database: Database
    package let metabase: Metabase
    package let accounts: Accounts
    package let overlay: Overlay
    package let accounting: Accounting
    package let endpoint: MetainfoEndpoint
    package let project: Project
    package let key: APIKey
    package let connection: any RPCConnection

    /// The secret of the recorded conversations' API key, and its public head.
    package static let recordedKey = (
        head: Hexadecimal.decode("7ac338b41cdf95e05945c8bcbe4ec4de8c9c876d6936d1a6d6e906c9e2bf9018") ?? [],
        secret: Hexadecimal.decode("8e1d2b894e7a3edf8246507cd388aaa812654f8302b33db86b10a01108878afe") ?? []
    )

    package init(
        nodeCount: Int = 10, settings: MetainfoSettings = MetainfoSettings(), start: Timestamp? = nil,
        limits: ProjectLimits = ProjectLimits()
    ) async throws {
        clock = start.map { TestClock(start: $0) } ?? TestClock()
        random = .seeded(2026)
        let logger = Logger(label: "test")
        let random = random
        identity = NodeIdentity.generate(random: random)
        let identities = (0..<nodeCount).map { _ in NodeIdentity.generate(random: random) }
        nodes = Dictionary(identities.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        database = try Database.open(.memory)
        metabase = Metabase(database: database, clock: clock.wallClock, random: random)
        try await metabase.load()
        accounts = Accounts(
            database: database, settings: AccountsSettings(), clock: clock.wallClock, random: random, logger: logger)
        try await accounts.migrate()
        overlay = Overlay(
            database: database, settings: Self.overlaySettings, dialer: network.dialer(as: identity.peer),
            resolver: AddressResolver { _ in throw UnknownHost() }, clock: clock.wallClock,
            sleeper: Self.untilCancelled, random: random, logger: logger)
        try await overlay.load()
        let cipher = OrderMetadataCipher(keys: [random.bytes(count: 32)])
        accounting = Accounting(
            database: database, metabase: metabase, satellite: identity.peer, cipher: cipher,
            settings: AccountingSettings(), clock: clock.wallClock, sleeper: Self.untilCancelled, logger: logger)
        try await accounting.load()
        endpoint = MetainfoEndpoint(
            metabase: metabase, accounts: accounts, accounting: accounting, overlay: overlay,
            issuer: OrderLimitIssuer(identity: identity, cipher: cipher),
            tokens: TokenSigner(key: random.bytes(count: 32)), settings: settings, clock: clock.wallClock,
            random: random, logger: logger)
        let owner = try await accounts.createUser(email: "owner@example.com", name: "owner")
        project = try await accounts.createProject(name: "recorded", owner: owner.id, limits: limits)
        try await Self.setRecordedSalt(of: project.id, in: database)
        _ = try await accounts.importAPIKey(
            project: project.id, name: "recorded", head: Self.recordedKey.head, secret: Self.recordedKey.secret,
            features: [.objectLock, .eventing])
        key = APIKey(head: Self.recordedKey.head, secret: Self.recordedKey.secret)
        var router = RPCRouter()
        endpoint.register(in: &router)
        overlay.register(in: &router)
        let address = "127.0.0.1:7777"
        network.register(router, id: identity.id, address: address)
        let client = NodeIdentity.generate(random: random)
        connection = try await network.dialer(as: client.peer).connect(to: NodeURL(id: identity.id, address: address))
        for (index, node) in identities.enumerated() { try await checkIn(node, index: index, at: address) }
        try await overlay.load()
    }

    /// Waits for longer than any test: time-outs never come, and what runs beside them always ends first.
    private static let untilCancelled = Sleeper { _ in try await Task.sleep(for: .seconds(3600)) }

    /// Gives the project the salt of the recordings, which the accounts would draw by chance.
    private static func setRecordedSalt(of id: ProjectID, in database: Database) async throws {
        let salt = Hexadecimal.decode("95b8fdcdcd3e3c20ebf9dd82d0715c0a") ?? []
        _ = try await database.write { session in
            try session.execute("UPDATE projects SET salt = ?1 WHERE id = ?2", [SQLValue(salt), SQLValue(id)])
        }
    }

    private static var overlaySettings: OverlaySettings {
        var settings = OverlaySettings()
        settings.allowPrivateAddresses = true
        settings.distinctSubnet = false
        settings.minimumFreeDisk = 0
        return settings
    }

    /// Lets a node say hello, as it does in real life.
    private func checkIn(_ node: NodeIdentity, index: Int, at satellite: String) async throws {
        var router = RPCRouter()
        router.unary(ContactMethods.pingNode) { _, _ in Node_ContactPingResponse() }
        let address = "127.0.0.1:\(13000 + index * 10)"
        network.register(router, id: node.id, address: address)
        let connection = try await network.dialer(as: node.peer).connect(
            to: NodeURL(id: identity.id, address: satellite))
        var request = Node_CheckInRequest()
        request.address = address
        request.version.version = "v1.200.0"
        request.capacity.freeDisk = 1 << 40
        _ = try await connection.call(NodeMethods.checkIn, request)
    }

    /// A piece hash with the signature of one of the nodes.
    package func sign(_ hash: PieceHash, by node: NodeID) throws -> PieceHash {
        guard let identity = nodes[node] else { throw UnknownNode(id: node) }
        return hash.signed(by: identity)
    }

    /// Every address in these tests is a number.
    struct UnknownHost: Error {}

    struct UnknownNode: Error {
        let id: NodeID
    }

    /// The header of a request with the unrestricted key, or with another.
    package func header(_ key: APIKey? = nil) -> Metainfo_RequestHeader {
        var header = Metainfo_RequestHeader()
        header.apiKey = .init((key ?? self.key).serialized)
        header.userAgent = .init("test/1.0 uplink/v1.14.3".utf8)
        return header
    }
}
