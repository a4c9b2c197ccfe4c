import Accounting
import Chores
import DRPC
import Database
import Identity
import Logging
import Metabase
import Orders
import StorageModel
import TestSupport
import WireMessages

/// A satellite that only accounts, and a node that hands in orders, without sockets.
struct SmallSatellite {
    static let address = "satellite.example.test:7777"
    private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    let clock: TestClock
    let random: RandomSource
    let network = InProcessNetwork()
    let identity: NodeIdentity
    let node: NodeIdentity
    let database: Database
    let metabase: Metabase
    let accounting: Accounting
    let issuer: OrderLimitIssuer
    let project: ProjectID

    init(
        _ settings: AccountingSettings = AccountingSettings(), seed: UInt64 = 5, database: Database? = nil,
        clock: TestClock? = nil
    ) async throws {
        random = .seeded(seed)
        self.clock = clock ?? TestClock()
        identity = NodeIdentity.generate(random: random)
        node = NodeIdentity.generate(random: random)
        project = .random(using: random)
        self.database = try database ?? Database.open(.memory)
        metabase = Metabase(database: self.database, clock: self.clock.wallClock, random: random)
        try await metabase.load()
        let cipher = OrderMetadataCipher(keys: [[UInt8](repeating: 9, count: 32)])
        accounting = Accounting(
            database: self.database, metabase: metabase, satellite: identity.peer, cipher: cipher, settings: settings,
            clock: self.clock.wallClock, sleeper: .system, logger: Self.log)
        try await accounting.load()
        issuer = OrderLimitIssuer(identity: identity, cipher: cipher)
        var router = RPCRouter()
        accounting.register(in: &router)
        network.register(router, id: identity.id, address: Self.address)
    }

    /// A limit and an order of this much of it.
    func request(
        _ action: PieceAction = .get, limit: Int64 = 1000, amount: Int64 = 600, node: NodeID? = nil,
        lifetime: Duration = .seconds(24 * 3600)
    ) throws -> SettlementRequest {
        let key = PieceKey.generate(random: random)
        let terms = OrderTerms(
            action: action, limit: limit, rootPieceID: .random(using: random), uplinkPublicKey: key.publicKey,
            metadata: OrderMetadata(project: project, bucket: Array("bucket".utf8)), now: clock.now,
            lifetime: lifetime, random: random)
        let signed = try issuer.limit(terms, node: node ?? self.node.id, pieceNumber: 0)
        return SettlementRequest(
            limit: signed, order: key.sign(Order(serialNumber: signed.serialNumber, amount: amount)))
    }

    func settle(
        _ requests: [SettlementRequest], as node: NodeIdentity? = nil
    ) async throws -> Orders_SettlementWithWindowResponse {
        let connection = try await connection(as: node ?? self.node)
        return try await connection.withStream(OrdersMethods.settlementWithWindow) { stream in
            for request in requests { try await stream.send(request) }
            stream.closeSend()
            guard let response = try await stream.receive() else { throw RPCError.noAnswer }
            return response
        }
    }

    func connection(as node: NodeIdentity?) async throws -> any RPCConnection {
        try await network.dialer(as: node?.peer).connect(to: NodeURL(id: identity.id, address: Self.address))
    }

    /// Runs a chore once.
    func trigger(_ name: String) async throws {
        for chore in accounting.makeChores() where chore.name == name { try await chore.triggerAndWait() }
    }

    /// Commits an object of one segment.
    func store(_ key: String, _ content: SegmentContent, encryptedSize: Int64) async throws {
        let location = ObjectLocation(bucket: BucketLocation(project: project, name: "bucket"), key: Array(key.utf8))
        let upload = NewUpload(location: location, encryption: ObjectEncryption(cipherSuite: 2, blockSize: 7424))
        let segment = NewSegment(
            position: .zero, content: content, plainSize: encryptedSize - 16, encryptedSize: encryptedSize,
            encryptedKey: [UInt8](repeating: 1, count: 48), encryptedKeyNonce: [UInt8](repeating: 2, count: 24))
        _ = try await metabase.putObject(upload, segments: [segment], ObjectCommit(mayOverwrite: true))
    }
}
