import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite billing`.
package struct BillingCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "billing", abstract: "Show what customers have and owe; take their payments.",
        discussion: """
            A customer is named by address of mail or id. Amounts are dollars.

            Examples:
              storj satellite billing --dir sat
              storj satellite billing show alice@example.com --dir sat
              storj satellite billing address alice@example.com --dir sat
              storj satellite billing pay alice@example.com 25.00 --id top-up-17 --dir sat
              storj satellite billing check --dir sat
            """,
        subcommands: [
            ListCustomersCommand.self, ShowCustomerCommand.self, DepositAddressCommand.self, AttachCardCommand.self,
            PayByCardCommand.self, CheckJournalCommand.self,
        ], defaultSubcommand: ListCustomersCommand.self)

    package init() {}
}

/// `storj satellite billing list`.
package struct ListCustomersCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(commandName: "list", abstract: "List all customers.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite billing list"

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: CustomersAnswer = try await session.client.get("billing/customers")
        try session.print(json: answer) { BillingText.customers(answer.customers) }
    }
}

/// `storj satellite billing show`.
package struct ShowCustomerCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one customer: balance, coupons, and what moved lately.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite billing show"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The customer's address of mail or id.")
    var customer: String

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let path = "billing/customers/\(OperatorClient.component(customer))"
        let answer: CustomerDetailsAnswer = try await session.client.get(path)
        try session.print(json: answer) { BillingText.customer(answer, session) }
    }
}

/// `storj satellite billing address`.
package struct DepositAddressCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "address", abstract: "Show where a customer pays STORJ to; the first time one is made.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite billing address"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The customer's address of mail or id.")
    var customer: String

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let path = "billing/customers/\(OperatorClient.component(customer))/address"
        let answer: DepositAddressAnswer = try await session.client.post(path)
        try session.print(json: answer) { [answer.address] }
    }
}

/// `storj satellite billing card`.
package struct AttachCardCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "card", abstract: "Keep a card for a customer, by the name Stripe gave it.",
        discussion: "Numbers of cards never come to the satellite: a page sends them to Stripe, which answers with a name.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite billing card"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The customer's address of mail or id.")
    var customer: String
    @Argument(help: "Stripe's name for the card, pm_….")
    var method: String

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let path = "billing/customers/\(OperatorClient.component(customer))/card"
        let answer: CustomerAnswer = try await session.client.post(path, body: BillingRequest.Card(method: method))
        try session.print(json: answer) { ["the card is kept"] }
    }
}

/// `storj satellite billing pay`.
package struct PayByCardCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "pay", abstract: "Charge a customer's card and credit what it gives.",
        discussion: """
            The same --id is the same payment: when the answer was lost, ask again; nothing is charged twice.
            """)
    package static let server = OperatorServer.satellite
    package static let path = "satellite billing pay"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The customer's address of mail or id.")
    var customer: String
    @Argument(help: "Dollars and cents.")
    var amount: String
    @Option(help: "Names the payment.")
    var id: String

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let path = "billing/customers/\(OperatorClient.component(customer))/pay"
        let answer: CardPaymentAnswer = try await session.client.post(
            path, body: BillingRequest.Pay(id: id, amount: amount))
        try session.print(json: answer) { ["\(answer.amount) $: \(answer.state)"] }
    }
}

/// `storj satellite billing check`.
package struct CheckJournalCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Add up the whole journal; exit code 7 when it does not come to zero.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite billing check"

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: JournalAnswer = try await session.client.get("billing/journal")
        try session.print(json: answer) {
            [
                "\(Wording.count(answer.entryCount, "movement")), total \(answer.microUSD) µ$ and \(answer.storjUnits) STORJ units"
            ] + answer.wrong.map { "  wrong: \($0)" }
        }
        guard answer.wrong.isEmpty, answer.microUSD == 0, answer.storjUnits == 0 else {
            throw CommandFailure(.partial, "the books do not add up")
        }
    }
}
