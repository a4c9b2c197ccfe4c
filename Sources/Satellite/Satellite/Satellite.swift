import Accounting
import Accounts
import AdminAPI
import Billing
import Chores
import DRPC
import Identity
import Logging
import Market
import Metabase
import Metainfo
import Orders
import Overlay
import ServiceLifecycle
import Upkeep

/// A satellite: coordinates customers and storage nodes.
///
/// Composition only: builds the rooms, hands them their parts, runs them.
package final class Satellite: Service, Sendable {
    private let parts: SatelliteParts
    /// What pages and other fronts are built upon.
    package let rooms: SatelliteRooms
    private let server: RPCServer
    /// The address the satellite listens on, `host:port`.
    package let boundAddress: String

    /// Brings the database to today's form, reads what is kept in memory, and listens.
    ///
    /// - Throws: `DatabaseError`, or an error of the network.
    package init(settings: SatelliteSettings, parts: SatelliteParts) async throws {
        self.parts = parts
        let (clock, random, logger) = (parts.clock, parts.random, parts.logger)
        let accounts = Accounts(
            database: parts.database, settings: settings.accounts, clock: clock, random: random, logger: logger)
        try await accounts.migrate()
        let metabase = Metabase(
            database: parts.database, settings: settings.metabase, clock: clock, random: random)
        try await metabase.load()
        let overlay = Overlay(
            database: parts.database, settings: settings.overlay, dialer: parts.dialer, resolver: .system,
            clock: clock, sleeper: parts.sleeper, random: random, logger: logger)
        try await overlay.load()
        let cipher = OrderMetadataCipher(keys: [parts.secrets.orderKey])
        let accounting = Accounting(
            database: parts.database, metabase: metabase, satellite: parts.identity.peer, cipher: cipher,
            settings: settings.accounting, clock: clock, sleeper: parts.sleeper, logger: logger)
        try await accounting.load()
        let issuer = OrderLimitIssuer(identity: parts.identity, cipher: cipher)
        let upkeepParts = UpkeepParts(
            database: parts.database, metabase: metabase, overlay: overlay, issuer: issuer, identity: parts.identity,
            dialer: parts.dialer, clock: clock, sleeper: parts.sleeper, random: random, logger: logger)
        let upkeep = Upkeep(
            parts: upkeepParts, settings: settings.upkeep, disguise: parts.disguise,
            observers: [NodeTally(accounting: accounting, overlay: overlay)])
        try await upkeep.load()
        let metainfo = MetainfoEndpoint(
            metabase: metabase, accounts: accounts, accounting: accounting, overlay: overlay, issuer: issuer,
            tokens: TokenSigner(key: parts.secrets.tokenKey), settings: settings.metainfo, clock: clock,
            random: random, logger: logger
        ) { [repairs = upkeep.repairs] in try await repairs.waiting(of: $0, at: $1) }
        let market = Market(
            parts: upkeepParts, settings: settings.market, folder: parts.folder + "/heartbeats",
            payment: parts.money?.payment)
        let billing = Self.makeBilling(settings, parts, accounts: accounts, accounting: accounting)
        try await billing.load()
        try await market.load()
        var router = RPCRouter()
        overlay.register(in: &router, satellite: parts.identity)
        accounting.register(in: &router, pay: market.payBooks)
        metainfo.register(in: &router)
        market.register(in: &router)
        parts.money?.register(&router)
        let chores =
            overlay.makeChores() + accounting.makeChores() + upkeep.makeChores() + market.makeChores()
            + billing.makeChores() + (parts.money?.chores ?? [])
            + SweepChores(
                metabase: metabase, settings: settings.metainfo, sleeper: parts.sleeper, clock: clock, logger: logger
            ).all
        let admin = AdminAPI(
            settings: settings.admin, id: parts.identity.id, accounts: accounts, accounting: accounting,
            overlay: overlay, upkeep: upkeep, market: market, billing: billing, chores: chores, clock: clock,
            logger: logger)
        rooms = SatelliteRooms(
            accounts: accounts, metabase: metabase, overlay: overlay, accounting: accounting, upkeep: upkeep,
            market: market, billing: billing, admin: admin, chores: chores)
        server = try RPCServer(
            identity: parts.identity, router: router, settings: settings.server, eventLoops: parts.eventLoops,
            logger: logger)
        boundAddress = try await server.bind()
    }

    private static func makeBilling(
        _ settings: SatelliteSettings, _ parts: SatelliteParts, accounts: Accounts, accounting: Accounting
    ) -> Billing {
        var room = BillingParts(
            satellite: parts.identity.id, database: parts.database, accounts: accounts, accounting: accounting,
            clock: parts.clock, sleeper: parts.sleeper, logger: parts.logger)
        room.quotes = parts.money?.quotes
        room.deposits = parts.money?.deposits
        room.payouts = parts.money?.partners
        room.folder = parts.money?.payment.folder
        return Billing(parts: room, settings: settings.billing)
    }

    /// Runs until graceful shutdown or cancellation.
    ///
    /// The server stops first; the chores then write what they still hold.
    package func run() async throws {
        let services: [any Service] = rooms.chores + [rooms.admin, server]
        try await ServiceGroup(services: services, logger: parts.logger).run()
    }
}
