package import ArgumentParser
package import ClientCommands
import Contracts
import StorageModel

/// `storj verify payment`.
package struct VerifyPaymentCommand: MarketCommand {
    package static let configuration = CommandConfiguration(
        commandName: "payment", abstract: "Compute a node's pay again from what its satellite published, and compare it with the ledger.",
        discussion: """
            Every statement of the node is checked: the satellite's signature, that it follows on the one before, each line
            (price × bytes × time, by the quote it names), and the sums. Then the ledger: the channel or the payout root must
            pay what the statements say, and no claim may name a statement that was not published.

            Exit codes: 0 everything holds, 1 something does not, 3 no such node or file, 5 nobody answers, 7 nothing is
            wrong, but not everything could be checked, 64 wrong command line.

            Examples:
              storj verify payment 12Qv… --from 12Sa…@satellite.example:7777
              storj verify payment 12Qv… --files saved --ledger ledger/ledger.log
              storj verify payment 12Qv… --from 12Sa…@satellite.example:7777 --rpc https://node.example --json
            """)
    package static let path = "verify payment"

    @Argument(help: "The node's id.")
    var node: String
    @OptionGroup var source: SourceOptions
    @OptionGroup var ledger: LedgerOptions
    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func run(environment: CommandEnvironment, output: CommandOutput) async throws {
        let node: NodeID
        do { node = try NodeID(text: self.node) } catch { throw CommandFailure(.usage, "\(self.node): \(error)") }
        let report = try await source.with { source in
            let (signed, satellite) = try await source.files.verifiedManifest(satellite: source.satellite, now: nil)
            let statements = try await source.files.statements(of: node)
            guard let newest = statements.last?.statement else {
                throw CommandFailure(.notFound, "the satellite has published no statement of node \(node)")
            }
            let payouts = try await source.files.newestPayouts()
            return try await ledger.with(source, signed.manifest) { view in
                let facts = try await view?.facts(
                    payer: signed.manifest.payer, farmer: newest.farmer, channels: Set(statements.map(\.statement.channel)))
                let check = PaymentCheck(
                    statements, manifest: signed.manifest, satellite: satellite, ledger: facts, payouts: payouts)
                return Self.report(check, view)
            }
        }
        try report.print(to: output, isJSON: json)
        try report.conclude()
    }

    static func report(_ check: PaymentCheck, _ view: LedgerView?) -> CheckReport {
        var report = CheckReport(problems: check.problems, unknown: check.unknown)
        report.facts = [
            .init(name: "satellite", value: check.satellite.map { "\($0)" } ?? "-"),
            .init(name: "node", value: check.node.map { "\($0)" } ?? "-"),
            .init(name: "farmer", value: check.farmer.map { "\($0)" } ?? "-"),
        ]
        if let view {
            report.facts.append(.init(name: "ledger", value: view.name))
            if let doubt = view.doubt { report.unknown.append(doubt) }
        }
        for source in check.sources {
            let name = source.channel.map { "channel \(Hexadecimal.encode($0.bytes).prefix(8))" } ?? "payout root"
            let funded = source.funded.map { ", \($0) locked" } ?? ""
            report.facts.append(
                .init(name: name, value: "\(source.promised) STORJ due\(funded), \(source.paid) paid", problems: source.problems))
        }
        report.lines = check.lines.map { line in
            let statement = line.statement
            let verdict = statement.heartbeat.map { "\($0.outcome)" } ?? "no heartbeat"
            return .init(
                name: "period \(statement.period)",
                value: "\(verdict), \(statement.amount) STORJ, \(statement.cumulative) in all", problems: line.problems)
        }
        return report
    }
}
