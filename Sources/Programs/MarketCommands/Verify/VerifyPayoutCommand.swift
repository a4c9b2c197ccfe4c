package import ArgumentParser
package import ClientCommands
import Contracts
import Ethereum
import Foundation
import StorageModel

/// `storj verify payout`.
package struct VerifyPayoutCommand: MarketCommand {
    package static let configuration = CommandConfiguration(
        commandName: "payout", abstract: "Check a payout file, a month's statement of a node, or a partner's statement.",
        discussion: """
            What the file is, it says itself:

            - payouts of a period (payouts/PERIOD.bin): the tree over all amounts is made again and compared with the root
              that the satellite put on the ledger;
            - a node's month (JSON): every line is summed up again from the node's published statements;
            - a partner's statement (partners/ID/MONTH.bin): every line is computed again and led to the root on the ledger.

            Exit codes: 0 everything holds, 1 something does not, 3 no such file, 5 nobody answers, 7 nothing is wrong, but
            not everything could be checked, 64 wrong command line.

            Examples:
              storj verify payout 20411.bin --from 12Sa…@satellite.example:7777
              storj verify payout month.json --files saved
              storj verify payout 2026-11.bin --previous 2026-10.bin --files saved --ledger ledger/ledger.log
            """)
    package static let path = "verify payout"

    @Argument(help: "The file.", completion: .file())
    var file: String
    @Option(help: "A partner's statement of the month before.", completion: .file())
    var previous: String?
    @OptionGroup var source: SourceOptions
    @OptionGroup var ledger: LedgerOptions
    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func run(environment: CommandEnvironment, output: CommandOutput) async throws {
        let bytes = try LocalFile.read(file)
        let report =
            if let document = try? JSONDecoder().decode(MonthDocument.self, from: Data(bytes)) {
                try await month(document)
            } else if let statement = try? PartnerStatement(encoded: bytes) {
                try await partner(statement)
            } else if let payouts = try? PayoutFile(encoded: bytes) {
                try await root(payouts)
            } else {
                throw CommandFailure(
                    .failure, "\(file) is no payout file, no month of a node and no partner's statement")
            }
        try report.print(to: output, isJSON: json)
        try report.conclude()
    }

    // MARK: Roots

    private func root(_ file: PayoutFile) async throws -> CheckReport {
        guard source.isGiven || ledger.isGiven else {
            return Self.report(file, problems: PayoutCheck(file).problems, unknown: ["no ledger was looked at"])
        }
        return try await withLedger { view in
            guard let view else {
                return Self.report(
                    file, problems: PayoutCheck(file).problems, unknown: ["no ledger was looked at"])
            }
            var state = PayoutState()
            state.anchor = try await view.anchor(of: file.satellite, period: file.anchor.period)
            return Self.report(
                file, problems: PayoutCheck(file, ledger: state).problems, unknown: view.doubt.map { [$0] } ?? [])
        }
    }

    static func report(_ file: PayoutFile, problems: [String], unknown: [String]) -> CheckReport {
        CheckReport(
            facts: [
                .init(name: "satellite", value: "\(file.satellite)"),
                .init(name: "period", value: "\(file.anchor.period)"),
                .init(name: "farmers", value: "\(file.anchor.farmerCount)"),
                .init(name: "total", value: "\(file.anchor.total) STORJ"),
                .init(name: "root", value: Hexadecimal.encode(file.anchor.payoutRoot.bytes)),
            ], problems: problems, unknown: unknown)
    }

    // MARK: Months

    private func month(_ document: MonthDocument) async throws -> CheckReport {
        let month: MonthStatement
        do { month = try document.statement() } catch let error as MonthDocument.Malformed {
            throw CommandFailure(.failure, "\(error)")
        }
        guard source.isGiven else {
            throw CommandFailure(.usage, "say where the node's statements are: --from or --files")
        }
        return try await source.with { source in
            let (signed, satellite) = try await source.files.verifiedManifest(satellite: source.satellite, now: nil)
            let all = try await source.files.statements(of: month.node)
            let check = PaymentCheck(all, manifest: signed.manifest, satellite: satellite, ledger: nil, payouts: nil)
            return Self.report(month, check)
        }
    }

    static func report(_ month: MonthStatement, _ check: PaymentCheck) -> CheckReport {
        let own = check.lines.filter { BillingMonth(seconds: $0.statement.until) == month.month }
        var report = CheckReport()
        do {
            let truth = try MonthStatement(of: own.map(\.statement), in: month.month, createdAt: month.createdAt)
            report.problems = month.differences(from: truth)
        } catch {
            report.problems = ["the published statements make no month: \(error)"]
        }
        report.facts = [
            .init(name: "node", value: "\(month.node)"), .init(name: "month", value: "\(month.month)"),
            .init(name: "owed", value: "\(month.owed) STORJ"), .init(name: "held", value: "\(month.held) STORJ"),
            .init(name: "paid", value: "\(month.paid) STORJ"),
            .init(name: "distributed", value: "\(month.distributed) STORJ"),
        ]
        report.lines = own.map {
            .init(name: "period \($0.statement.period)", value: "\($0.statement.amount) STORJ", problems: $0.problems)
        }
        return report
    }

    // MARK: Partners

    private func partner(_ statement: PartnerStatement) async throws -> CheckReport {
        let before = try previous.map { path in
            do { return try PartnerStatement(encoded: try LocalFile.read(path)) } catch let error as EthereumError {
                throw CommandFailure(.failure, "\(path) is no partner's statement: \(error)")
            }
        }
        return try await withLedger { view in
            let anchor = try await view?.anchor(of: statement.payer, period: statement.period)
            var report = Self.report(statement, anchor: anchor, previous: before)
            if view != nil, anchor == nil { report.problems.append("the ledger has no anchor of this month") }
            if view == nil { report.unknown.append("no ledger was looked at") }
            if let doubt = view?.doubt { report.unknown.append(doubt) }
            return report
        }
    }

    static func report(
        _ statement: PartnerStatement, anchor: PayoutAnchor?, previous: PartnerStatement?
    ) -> CheckReport {
        CheckReport(
            facts: [
                .init(name: "satellite", value: "\(statement.satellite)"), .init(name: "partner", value: statement.partner),
                .init(name: "month", value: "\(statement.month)"), .init(name: "lines", value: "\(statement.lines.count)"),
                .init(name: "owed", value: "\(statement.owed) USD, \(statement.carried) of it carried"),
                .init(name: "paid", value: "\(statement.paid) STORJ to \(statement.wallet)"),
            ],
            lines: statement.lines.enumerated().map { index, line in
                .init(
                    name: "line \(index + 1)",
                    value: "\(line.paid.kind) \(line.paid.amount) USD, of it paid \(line.paid.paid.map { "\($0)" } ?? "-"), "
                        + "share \(line.share)")
            }, problems: statement.objections(anchor: anchor, previous: previous))
    }

    /// Opens the ledger: of the manifest where there is a source, otherwise the one that was named.
    private func withLedger(_ body: (LedgerView?) async throws -> CheckReport) async throws -> CheckReport {
        guard source.isGiven else { return try await ledger.with(nil, nil, body) }
        return try await source.with { source in
            let manifest = try await source.files.verifiedManifest(satellite: source.satellite, now: nil).signed.manifest
            return try await ledger.with(source, manifest, body)
        }
    }
}
