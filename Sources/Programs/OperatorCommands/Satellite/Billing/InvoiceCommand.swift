import AdminAPI
package import ArgumentParser
import ClientCommands
import Foundation
import StorageModel

/// `storj satellite invoice`.
package struct InvoiceCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "invoice", abstract: "Show customers' invoices.",
        discussion: """
            Invoices are issued by themselves some days after a month's end and never change.

            Examples:
              storj satellite invoice list alice@example.com --dir sat
              storj satellite invoice show 2026-10-000001 --dir sat
              storj satellite invoice show 2026-10-000001 --output invoice.bin --dir sat
              storj satellite invoice preview alice@example.com --dir sat
            """,
        subcommands: [ListInvoicesCommand.self, ShowInvoiceCommand.self, PreviewInvoiceCommand.self])

    package init() {}
}

/// `storj satellite invoice list`.
package struct ListInvoicesCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(commandName: "list", abstract: "List a customer's invoices.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite invoice list"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The customer's address of mail or id.")
    var customer: String

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let path = "billing/customers/\(OperatorClient.component(customer))/invoices"
        let answer: InvoicesAnswer = try await session.client.get(path)
        try session.print(json: answer) { BillingText.invoices(answer.invoices) }
    }
}

/// `storj satellite invoice show`.
package struct ShowInvoiceCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an invoice line by line, or write it to a file.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite invoice show"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The invoice's number.")
    var number: String
    @Option(help: "A file for the document as it is signed off: what storj verify invoice reads.")
    var output: String?

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: InvoiceAnswer = try await session.client.get("billing/invoices/\(OperatorClient.component(number))")
        if let output { try DocumentOutput.write(answer.document, to: output) }
        try session.print(json: answer) { BillingText.invoice(answer, session) }
    }
}

/// `storj satellite invoice preview`.
package struct PreviewInvoiceCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Show what a customer's invoice of this month says so far.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite invoice preview"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The customer's address of mail or id.")
    var customer: String

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let path = "billing/customers/\(OperatorClient.component(customer))/preview"
        let answer: InvoiceAnswer = try await session.client.get(path)
        try session.print(json: answer) { BillingText.invoice(answer, session) }
    }
}

/// Writes documents that the server sent.
enum DocumentOutput {
    static func write(_ hexadecimal: String, to path: String) throws {
        guard let bytes = Hexadecimal.decode(hexadecimal) else {
            throw CommandFailure(.failure, "the server's document makes no sense")
        }
        do { try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw CommandFailure(.failure, "\(path.printable) cannot be written")
        }
    }
}
