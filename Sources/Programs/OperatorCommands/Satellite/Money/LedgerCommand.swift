import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite ledger`.
package struct LedgerCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Look at the ledger that the satellite settles on.",
        subcommands: [LedgerBalanceCommand.self])

    package init() {}
}

/// `storj satellite ledger balance`.
package struct LedgerBalanceCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "balance", abstract: "Show what an account has.",
        discussion: """
            Example:
              storj satellite ledger balance 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --dir sat
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    @Argument(help: "An Ethereum address.")
    var address: String

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: BalanceAnswer = try await session.client.get("ledger/balances/\(address)")
        try session.print(json: answer) { [MoneyText.storj(answer.units)] }
    }
}
