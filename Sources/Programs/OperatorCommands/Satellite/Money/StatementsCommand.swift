import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite statements`.
package struct StatementsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "statements", abstract: "List what periods earned farmers, the newest first.",
        discussion: """
            Examples:
              storj satellite statements --dir sat --period 12
              storj satellite statements --dir sat --node ID --json | jq '.statements[].amount_units'
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    @Option(help: ArgumentHelp("Of one period only.", valueName: "number"))
    var period: UInt64?

    @Option(help: ArgumentHelp("Of one node only.", valueName: "id"))
    var node: String?

    @Option(help: ArgumentHelp("How many, at most 100000.", valueName: "number"))
    var limit = 100

    package init() {}

    package func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit lies in 1…100000") }
    }

    package func run(in session: OperatorSession) async throws {
        var query = ["limit=\(limit)"]
        if let period { query.append("period=\(period)") }
        if let node { query.append("node=\(node)") }
        let answer: StatementsAnswer = try await session.client.get(
            "market/statements?" + query.joined(separator: "&"))
        try session.print(json: answer) { StatementText.table(answer.statements, session) }
    }
}
