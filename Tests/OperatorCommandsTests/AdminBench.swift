import Accounting
import AdminAPI
import ArgumentParser
import Billing
import Chores
import ClientCommands
import DRPC
import Foundation
import Identity
import Installation
import Ledger
import Logging
import Market
import OperatorCommands
import OperatorDoor
import Orders
import SatelliteTesting
import StorageModel
import TestSupport
import Testing
import Upkeep

typealias ExitStatus = ClientCommands.ExitStatus

/// The program as an operator of a running satellite sees it.
struct TestProgram: AsyncParsableCommand {
    struct Satellite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "satellite", subcommands: OperatorProgram.satelliteCommands)
    }

    static let configuration = CommandConfiguration(commandName: "storj", subcommands: [Satellite.self])
}

/// What a command said and how it ended.
struct CommandResult {
    let status: ExitStatus
    let output: String
    let messages: String
}

/// A satellite's administration API on a free port of this machine, its chores running, and the folder that leads to it.
struct AdminBench {
    static let token = "a token of the test"

    let satellite: TestSatellite
    let upkeep: Upkeep
    let folder: URL
    let port: Int
    var environment: CommandEnvironment

    /// Runs `body` beside a satellite.
    static func withSatellite(_ body: (AdminBench) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let satellite = try await TestSatellite(nodeCount: 3)
            let (ports, bound) = AsyncStream<Int>.makeStream()
            // Intervals never end: what runs is what a test triggers, and the first pass.
            let forever = Sleeper { _ in try await Task.sleep(for: .seconds(3600)) }
            let cipher = OrderMetadataCipher(keys: [[UInt8](repeating: 1, count: 32)])
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let parts = UpkeepParts(
                database: satellite.database, metabase: satellite.metabase, overlay: satellite.overlay,
                issuer: OrderLimitIssuer(identity: satellite.identity, cipher: cipher), identity: satellite.identity,
                dialer: satellite.network.dialer(as: satellite.identity.peer), clock: satellite.clock.wallClock,
                sleeper: forever, random: satellite.random, logger: logger)
            let upkeep = Upkeep(parts: parts, settings: UpkeepSettings())
            try await upkeep.load()
            let market = Market(
                parts: parts, settings: MarketSettings(), folder: folder.appending(path: "heartbeats").path)
            try await market.load()
            var billingParts = BillingParts(
                satellite: satellite.identity.id, database: satellite.database, accounts: satellite.accounts,
                accounting: satellite.accounting, clock: satellite.clock.wallClock, sleeper: forever, logger: logger)
            billingParts.quotes = QuoteBook(
                FixedQuotes(microUSD: 250_000), database: satellite.database, clock: satellite.clock.wallClock)
            let billing = Billing(parts: billingParts, settings: BillingSettings())
            try await billing.load()
            let failing = Cycle(
                name: "fails", interval: .seconds(60), sleeper: forever, clock: satellite.clock.wallClock,
                logger: logger, work: { throw Broken() })
            let chores = upkeep.makeChores() + market.makeChores() + [failing]
            var settings = OperatorDoorSettings(port: 0)
            settings.token = token
            let admin = AdminAPI(
                settings: settings, id: satellite.identity.id, accounts: satellite.accounts,
                accounting: satellite.accounting, overlay: satellite.overlay, upkeep: upkeep, market: market,
                billing: billing, chores: chores, clock: satellite.clock.wallClock, logger: logger, bound: { bound.yield($0) })
            try await withThrowingTaskGroup { group in
                group.addTask { try await admin.run() }
                for chore in chores { group.addTask { try await chore.run() } }
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next())
                try Data(#"{"admin.token":"\#(token)"}"#.utf8).write(to: folder.appending(path: "settings.json"))
                try ReadyFile(id: "id", address: "127.0.0.1:1", admin: "http://127.0.0.1:\(port)").write(in: folder)
                let now = satellite.clock.now
                try await body(
                    AdminBench(
                        satellite: satellite, upkeep: upkeep, folder: folder, port: port,
                        environment: CommandEnvironment(now: { Date(timeIntervalSince1970: Double(now.seconds)) })))
                group.cancelAll()
                do { try await group.waitForAll() } catch is CancellationError {
                    // Being cancelled is how servers end here.
                }
            }
        }
    }

    struct Broken: Error, CustomStringConvertible {
        let description = "this chore is broken"
    }

    /// Parses and runs `storj satellite …` with `--dir` of the satellite.
    func run(_ arguments: String..., dir: URL? = nil) async throws -> CommandResult {
        try await Self.program(["satellite"] + arguments + ["--dir", (dir ?? folder).path], environment)
    }

    static func program(_ arguments: [String], _ environment: CommandEnvironment) async throws -> CommandResult {
        let parsed: any ParsableCommand
        do { parsed = try TestProgram.parseAsRoot(arguments) } catch {
            let status = ExitStatus(rawValue: TestProgram.exitCode(for: error).rawValue) ?? .failure
            return CommandResult(status: status, output: "", messages: TestProgram.fullMessage(for: error))
        }
        let command = try #require(parsed as? any OperatorCommand)
        let (output, messages) = (CommandOutput.inMemory(), CommandOutput.inMemory())
        let status = await command.perform(
            environment: environment, sleeper: Sleeper { _ in await Task.yield() }, output: output, messages: messages)
        return CommandResult(status: status, output: output.text, messages: messages.text)
    }
}

/// The lines of an output as JSON objects.
func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
}
