import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite payouts list`.
package struct ListPayoutsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(commandName: "list", abstract: "Show the last payout runs.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite payouts list"

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: PayoutRunsAnswer = try await session.client.get("payouts")
        try session.print(json: answer) {
            answer.runs.isEmpty ? ["there was no run yet"] : answer.runs.flatMap { PayoutText.lines($0, session) }
        }
    }
}

/// `storj satellite payouts run`.
package struct RunPayoutsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Begin a payout run, or go on with the one that is under way.",
        discussion: """
            Examples:
              storj satellite payouts run --dir sat
              storj satellite payouts run --dir sat --json
            """)
    package static let server = OperatorServer.satellite
    package static let path = "satellite payouts run"

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let run: PayoutRunAnswer = try await session.client.post("payouts/run")
        try session.print(json: run) { PayoutText.lines(run, session) }
    }
}

/// `storj satellite payouts receipts`.
package struct ShowReceiptsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "receipts", abstract: "Show what arrived at farmers, and by which transactions.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite payouts receipts"

    @OptionGroup package var options: OperatorOptions
    @Option(help: "How many, at most 10000.")
    var limit = 100

    package init() {}

    /// Checks the number.
    package mutating func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit lies in 1…10000") }
    }

    package func run(in session: OperatorSession) async throws {
        let answer: ReceiptsAnswer = try await session.client.get("payouts/receipts?limit=\(limit)")
        try session.print(json: answer) {
            guard !answer.receipts.isEmpty else { return ["nothing has arrived yet"] }
            var table = TextTable([
                .init("TIME"), .init("FARMER"), .init("STORJ", .right), .init("FROM"), .init("TRANSACTION"),
            ])
            for receipt in answer.receipts {
                table.add([
                    session.show(receipt.time), receipt.farmer, receipt.amount,
                    (receipt.channel.map { "channel \($0.prefix(8))" } ?? "root") + (receipt.isFinal ? "" : ", may vanish"),
                    receipt.transaction,
                ])
            }
            return table.lines
        }
    }
}

/// Payout runs in words.
enum PayoutText {
    static func lines(_ run: PayoutRunAnswer, _ session: OperatorSession) -> [String] {
        let farmers = run.operations.reduce(0) { $0 + $1.farmers }
        let end = run.finishedAt.map { "finished \(session.show($0))" } ?? "under way"
        var lines = [
            "run \(run.number), begun \(session.show(run.startedAt)), \(end): "
                + "\(Wording.count(farmers, "farmer")) in \(Wording.count(run.operations.count, "operation"))"
        ]
        for operation in run.operations {
            let problem = operation.problem.map { ", last refusal: \($0)" } ?? ""
            lines.append(
                "  \(operation.amount) STORJ to \(Wording.count(operation.farmers, "farmer")): \(operation.state) "
                    + "\(operation.transaction ?? "")\(problem)")
        }
        if run.carriedFarmers > 0 {
            lines.append("  carried over: \(run.carried) STORJ of \(Wording.count(run.carriedFarmers, "farmer"))")
        }
        return lines
    }
}
