import Accounts
import Chores
import ConsoleKit
import Foundation
import Hummingbird
import Logging
import SatelliteConsole
import SatelliteTesting
import StorageModel
import TestSupport
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
        let rooms = try await ConsoleRooms(folder)
        let (satellite, parts) = (rooms.satellite, rooms.parts)
        let boss = try await satellite.accounts.createUser(email: "boss@example.com", name: "boss")
        customer = try await satellite.accounts.createUser(email: "c@example.com", name: "<script>alert(1)</script>")
        let office = BackOffice(
            accounts: parts.accounts, accounting: parts.accounting, overlay: parts.overlay, upkeep: parts.upkeep,
            market: parts.market, billing: parts.billing, admin: parts.admin, chores: parts.chores
        ) { context in
            guard (context.session as? Signed)?.email == boss.email else { throw WebError.notFound }
            return BackOfficeVisitor(user: boss, shell: Shell(brand: "Test"))
        }
        app = try WebApp(
            name: "test", settings: WebSettings(port: 0), resources: [.backOffice], sessions: Sessions(),
            clock: satellite.clock.wallClock, random: satellite.random, logger: parts.logger
        ) { router in office.add(to: router) }
        self.satellite = satellite
        self.boss = boss
        chore = rooms.chore
    }

    /// A program that shows who it is with each request.
    func visitor(_ user: User) -> WebVisitor {
        let visitor = WebVisitor(app)
        visitor.headers[.authorization] = "Bearer \(user.email)"
        return visitor
    }
}
