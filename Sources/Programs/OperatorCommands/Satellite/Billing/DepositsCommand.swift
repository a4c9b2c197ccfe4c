import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite deposits`.
package struct DepositsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "deposits", abstract: "Show the STORJ that customers paid in.",
        discussion: """
            States: seen, confirmed-unpriced, credited, frozen, orphaned, reversed, ignored.

            Examples:
              storj satellite deposits --dir sat
              storj satellite deposits list alice@example.com --dir sat
              storj satellite deposits release 17 --dir sat
            """,
        subcommands: [ListDepositsCommand.self, ReleaseDepositCommand.self], defaultSubcommand: ListDepositsCommand.self)

    package init() {}
}

/// `storj satellite deposits list`.
package struct ListDepositsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List deposits, the newest first: all, or a customer's.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite deposits list"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The customer's address of mail or id.")
    var customer: String?

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let path = customer.map { "billing/customers/\(OperatorClient.component($0))/deposits" } ?? "billing/deposits"
        let answer: DepositsAnswer = try await session.client.get(path)
        try session.print(json: answer) { BillingText.deposits(answer.deposits, session) }
    }
}

/// `storj satellite deposits release`.
package struct ReleaseDepositCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Let a deposit count that was held back.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite deposits release"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The deposit's number.")
    var id: Int64

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: DepositsAnswer = try await session.client.post("billing/deposits/\(id)/release")
        try session.print(json: answer) { BillingText.deposits(answer.deposits.filter { $0.id == id }, session) }
    }
}
