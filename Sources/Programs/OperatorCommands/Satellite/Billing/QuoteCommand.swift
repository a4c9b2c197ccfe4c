import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite quote`.
package struct QuoteCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "quote", abstract: "Show what STORJ costs in dollars, as far as this satellite knows.",
        discussion: """
            Without a price deposits wait, and so do payouts of what is owed in dollars: nothing is guessed.

            Examples:
              storj satellite quote --dir sat
              storj satellite quote --dir sat --json | jq -r .price
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: QuoteAnswer = try await session.client.get("billing/quote")
        try session.print(json: answer) {
            guard let price = answer.price else { return ["nobody knows what STORJ costs now"] }
            return ["\(price) $ for a STORJ, \(session.show(answer.time)), from \(answer.source ?? "?")"]
        }
    }
}
