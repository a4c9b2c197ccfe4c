package import ArgumentParser
import ClientCommands
import Contracts
import Ledger
import NodeAPI
import StorageModel

/// `storj node send`.
package struct NodeSendCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Send STORJ from the node's wallet to another account.",
        discussion: """
            The account is on the ledger that the node is paid on. Every transfer has a number, which is printed; with --id
            and that number again nothing is sent twice, so a command whose end was not seen can be repeated.

            Examples:
              storj node send --dir node --to 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --amount 12.5
              storj node send --dir node --to 0x5aAe… --amount 12.5 --id 0x3f…
            """)
    package static let server = OperatorServer.node

    @OptionGroup package var options: OperatorOptions

    @Option(help: "An Ethereum address.")
    var to: String

    @Option(help: "STORJ, with up to eight decimal places.")
    var amount: String

    @Option(help: "The number of a transfer whose end was not seen.")
    var id: String?

    package init() {}

    package func validate() throws {
        guard let wanted = TokenAmount(amount), wanted > .zero else {
            throw ValidationError("--amount wants an amount of STORJ above zero, such as 12.5")
        }
    }

    package func run(in session: OperatorSession) async throws {
        let wanted = Wanted(
            id: id ?? "\(OperationID.random(using: .system))", to: to, amountUnits: TokenAmount(amount)?.units ?? 0)
        if id == nil { try session.messages.line("transfer \(wanted.id)") }
        let sent: TransferAnswer = try await session.client.post("transfers", body: wanted)
        try session.print(json: sent) {
            ["\(FarmingText.amount(sent.amountUnits)) STORJ to \(sent.to): \(sent.problem ?? sent.state)"]
        }
    }

    private struct Wanted: Encodable, Sendable {
        let id: String
        let to: String
        let amountUnits: UInt64
    }
}
