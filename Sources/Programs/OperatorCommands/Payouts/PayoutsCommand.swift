package import ArgumentParser

/// `storj satellite payouts`.
package struct PayoutsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "payouts", abstract: "Pay the farmers that are paid by roots; show and export what was paid.",
        discussion: """
            Farmers with channels claim themselves. For the others a run claims what the newest payout root on the ledger says,
            up to 64 in one operation, at the satellite's cost; pay whose fee would be more than a quarter of it waits.
            A run that is interrupted goes on, and pays nobody twice.

            Examples:
              storj satellite payouts --dir sat
              storj satellite payouts run --dir sat
              storj satellite payouts export 2026-11 --format csv --dir sat
            """,
        subcommands: [
            ListPayoutsCommand.self, RunPayoutsCommand.self, ShowReceiptsCommand.self, ExportPayoutsCommand.self,
        ], defaultSubcommand: ListPayoutsCommand.self)

    package init() {}
}
