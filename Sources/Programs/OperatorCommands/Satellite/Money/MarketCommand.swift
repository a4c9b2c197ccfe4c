import AdminAPI
package import ArgumentParser
import ClientCommands
import Contracts

/// `storj satellite market`.
package struct MarketCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "market", abstract: "Show how paying farmers stands: wallet, price of STORJ, statements, channels.",
        discussion: """
            Examples:
              storj satellite market --dir sat
              storj satellite statements --dir sat --period 12
              storj satellite farmers --dir sat
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let market: MarketAnswer = try await session.client.get("market")
        try session.print(json: market) {
            FactList.lines([
                (name: "ledger", value: market.chainID == 0 ? market.ledger : "\(market.ledger), chain \(market.chainID)"),
                (name: "wallet", value: "\(market.wallet), \(MoneyText.storj(market.balanceUnits))"),
                (name: "signer", value: market.signer),
                (name: "pool", value: "\(MoneyText.storj(market.poolUnits)); owed by roots so far: \(MoneyText.storj(market.owedByRootsUnits))"),
                (name: "price of STORJ", value: MoneyText.dollars(market.quoteMicroUSD)),
                (name: "statements", value: MoneyText.counts(market.statements)),
                (name: "channels", value: MoneyText.counts(market.channels)),
            ]) + (market.ledgerError.map { ["", "the ledger cannot be asked: \($0)"] } ?? [])
                + (market.troubles.isEmpty ? [] : ["", "TROUBLES"] + StatementText.table(market.troubles, session))
        }
    }
}
