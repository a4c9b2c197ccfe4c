import Accounting
import Accounts
import AdminAPI
import Billing
import Chores
import ConsoleKit
import DRPC
import Foundation
import HTTPTypes
import Hummingbird
import Identity
import Logging
import Market
import OperatorDoor
import Orders
import SatelliteConsole
import SatelliteTesting
import StorageModel
import TestSupport
import Upkeep
import WebTesting

/// The back office over a satellite with three nodes, without sockets; a bearer token says who is signed in.
struct OperatorDesk {
    struct Signed: WebSession { let email: String }

    struct Sessions: SessionStore {
        func session(token: SessionToken, context: WebContext) async throws -> (any WebSession)? { nil }
        func session(bearer: String, context: WebContext) async throws -> (any WebSession)? { Signed(email: bearer) }
    }

    let satellite: TestSatellite
    let boss: User
    let customer: User
    let chore: Cycle
    let app: WebApp

    static func with(_ body: (OperatorDesk) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in try await body(OperatorDesk(folder)) }
    }

    private init(_ folder: URL) async throws {
        let satellite = try await TestSatellite(nodeCount: 3)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let cipher = OrderMetadataCipher(keys: [[UInt8](repeating: 1, count: 32)])
        let parts = UpkeepParts(
            database: satellite.database, metabase: satellite.metabase, overlay: satellite.overlay,
            issuer: OrderLimitIssuer(identity: satellite.identity, cipher: cipher), identity: satellite.identity,
            dialer: satellite.network.dialer(as: satellite.identity.peer), clock: satellite.clock.wallClock,
            sleeper: .system, random: satellite.random, logger: logger)
        let upkeep = Upkeep(parts: parts, settings: UpkeepSettings())
        try await upkeep.load()
        let market = Market(parts: parts, settings: MarketSettings(), folder: folder.appending(path: "heartbeats").path)
        try await market.load()
        let billing = Billing(
            parts: BillingParts(
                satellite: satellite.identity.id, database: satellite.database, accounts: satellite.accounts,
                accounting: satellite.accounting, clock: satellite.clock.wallClock, sleeper: .system, logger: logger),
            settings: BillingSettings())
        try await billing.load()
        let chore = Cycle(
            name: "a chore", interval: .seconds(60), sleeper: .system, clock: satellite.clock.wallClock, logger: logger,
            work: {})
        let admin = AdminAPI(
            settings: OperatorDoorSettings(port: 0), id: satellite.identity.id, accounts: satellite.accounts,
            accounting: satellite.accounting, overlay: satellite.overlay, upkeep: upkeep, market: market, billing: billing,
            chores: [chore], clock: satellite.clock.wallClock, logger: logger)
        let boss = try await satellite.accounts.createUser(email: "boss@example.com", name: "boss")
        customer = try await satellite.accounts.createUser(email: "c@example.com", name: "<script>alert(1)</script>")
        let office = BackOffice(
            accounts: satellite.accounts, accounting: satellite.accounting, overlay: satellite.overlay, upkeep: upkeep,
            market: market, billing: billing, admin: admin, chores: [chore]
        ) { context in
            guard (context.session as? Signed)?.email == boss.email else { throw WebError.notFound }
            return BackOfficeVisitor(user: boss, shell: Shell(brand: "Test"))
        }
        app = try WebApp(
            name: "test", settings: WebSettings(port: 0), resources: [.backOffice], sessions: Sessions(),
            clock: satellite.clock.wallClock, random: satellite.random, logger: logger
        ) { router in office.add(to: router) }
        self.satellite = satellite
        self.boss = boss
        self.chore = chore
    }

    /// A program that shows who it is with each request.
    func visitor(_ user: User) -> WebVisitor {
        let visitor = WebVisitor(app)
        visitor.headers[.authorization] = "Bearer \(user.email)"
        return visitor
    }
}
