import Accounts
import AdminAPI
import Billing
import Chores
import DRPC
import Foundation
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

/// The rooms of a satellite with three nodes, without sockets, for pages upon them.
struct ConsoleRooms {
    let satellite: TestSatellite
    let chore: Cycle
    let parts: ConsoleParts

    init(_ folder: URL) async throws {
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
        chore = Cycle(
            name: "a chore", interval: .seconds(60), sleeper: .system, clock: satellite.clock.wallClock, logger: logger,
            work: {})
        let admin = AdminAPI(
            settings: OperatorDoorSettings(port: 0), id: satellite.identity.id, accounts: satellite.accounts,
            accounting: satellite.accounting, overlay: satellite.overlay, upkeep: upkeep, market: market, billing: billing,
            chores: [chore], clock: satellite.clock.wallClock, logger: logger)
        self.satellite = satellite
        self.parts = ConsoleParts(
            accounts: satellite.accounts, metabase: satellite.metabase, overlay: satellite.overlay,
            accounting: satellite.accounting, upkeep: upkeep, market: market, billing: billing, admin: admin, chores: [chore],
            satellite: "\(satellite.identity.id)@satellite:7777", clock: satellite.clock.wallClock, sleeper: .system,
            random: satellite.random, logger: logger)
    }
}
