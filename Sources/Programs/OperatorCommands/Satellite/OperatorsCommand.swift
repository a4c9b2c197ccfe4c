import AdminAPI
package import ArgumentParser

/// `storj satellite operators`.
package struct OperatorsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "operators", abstract: "List who sees the console's back office, add somebody or take him off.",
        discussion: """
            An operator is an account of the console: sign up there first. The log of actions keeps who was added.

            Examples:
              storj satellite operators --dir sat
              storj satellite operators --add alice@example.com --dir sat
              storj satellite operators --remove alice@example.com --dir sat
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions
    @Option(help: "An account's address of mail or id, which becomes an operator's.")
    var add: String?
    @Option(help: "An account that becomes an ordinary one again.")
    var remove: String?

    package init() {}

    package func validate() throws {
        guard add == nil || remove == nil else { throw ValidationError("--add somebody or --remove somebody, one at a time") }
    }

    package func run(in session: OperatorSession) async throws {
        let answer: OperatorsAnswer
        if let account = add ?? remove {
            answer = try await session.client.post(
                "operators", body: OperatorRequest(account: account, isOperator: add != nil))
        } else {
            answer = try await session.client.get("operators")
        }
        try session.print(json: answer) {
            answer.operators.isEmpty
                ? ["Nobody is an operator."] : answer.operators.map { "\($0.email)  \($0.name)" }
        }
    }
}
