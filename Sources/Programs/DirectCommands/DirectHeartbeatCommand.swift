package import ArgumentParser
import Chores
import ClientCommands
import Direct
import Installation
import StorageModel

/// `storj direct heartbeat`.
package struct DirectHeartbeatCommand: DirectCommand {
    package static let configuration = CommandConfiguration(
        commandName: "heartbeat", abstract: "Let farmers prove what they keep, and sign receipts for it.",
        discussion: """
            To be run at least once a period, for instance by cron, or with --watch. A farmer whom nobody asks proves on the
            ledger, and is paid all the same.

            Examples:
              storj direct heartbeat --dir me
              storj direct heartbeat --dir me --watch 1h
            """)

    @OptionGroup package var options: DirectOptions

    @Option(help: ArgumentHelp("Do it again and again.", valueName: "duration"))
    package var watch: String?

    @Flag(help: .hidden)
    package var refuseReceipts = false

    package init() {}

    package func validate() throws {
        if let watch, SettingText.duration(watch) == nil { throw ValidationError("\"\(watch)\" is not a duration such as 1h") }
    }

    private struct Row: Encodable {
        let node: String, agreement: String, verdict: String, detail: String
        let period: UInt64
        let hasReceipt: Bool
    }

    package func run(in session: DirectSession) async throws {
        try await session.withCustomer(adjust: { $0.signsReceipts = !refuseReceipts }) { customer in
            while true {
                try show(try await customer.heartbeat(), session)
                guard let watch, let pause = SettingText.duration(watch) else { return }
                try session.output.flush()
                try await Sleeper.system.sleep(pause)
            }
        }
    }

    private func show(_ outcomes: [HeartbeatOutcome], _ session: DirectSession) throws {
        let rows = outcomes.map {
            Row(
                node: $0.node.description, agreement: $0.agreement.text, verdict: $0.verdict, detail: $0.detail,
                period: $0.period, hasReceipt: $0.hasReceipt)
        }
        var table = TextTable([.init("FARMER"), .init("PERIOD", .right), .init("VERDICT"), .init("RECEIPT"), .init("")])
        for row in rows {
            table.add([row.node, "\(row.period)", row.verdict, row.hasReceipt ? "given" : "-", row.verdict == "passed" ? "" : row.detail])
        }
        try session.print(rows) { rows.isEmpty ? ["Nothing is due."] : table.lines }
    }
}
