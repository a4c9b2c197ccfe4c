import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite partner`.
package struct PartnerCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "partner", abstract: "Show and register partners: programs that bring customers get a share.",
        discussion: """
            A bucket is a partner's when the first program that used it names one of the partner's products in its user agent.

            Examples:
              storj satellite partner --dir sat
              storj satellite partner register duck --name "Cyber Duck" --wallet 0x… --product cyberduck --dir sat
              storj satellite partner statement duck 2026-10 --output duck.bin --dir sat
            """,
        subcommands: [ListPartnersCommand.self, RegisterPartnerCommand.self, PartnerStatementCommand.self],
        defaultSubcommand: ListPartnersCommand.self)

    package init() {}
}

/// `storj satellite partner list`.
package struct ListPartnersCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List partners and what each month brought them.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite partner list"

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: PartnersAnswer = try await session.client.get("billing/partners")
        try session.print(json: answer) { PartnerText.lines(answer) }
    }
}

/// `storj satellite partner register`.
package struct RegisterPartnerCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "register", abstract: "Register a partner, or change its name, wallet or products.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite partner register"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "Lower-case letters, digits and dashes.")
    var id: String
    @Option(help: "For people.")
    var name: String
    @Option(help: "Where it is paid.")
    var wallet: String
    @Option(
        name: .customLong("product"), parsing: .singleValue,
        help: ArgumentHelp("A product of its programs' user agents; may be given several times.", valueName: "product"))
    var products: [String] = []

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: PartnersAnswer = try await session.client.post(
            "billing/partners",
            body: BillingRequest.Register(id: id, name: name, wallet: wallet, products: products))
        try session.print(json: answer) { PartnerText.lines(answer) }
    }
}

/// `storj satellite partner statement`.
package struct PartnerStatementCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "statement", abstract: "Write a partner's statement of a month to a file: what storj verify payout reads.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite partner statement"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The partner's id.")
    var id: String
    @Argument(help: "The month, 2026-10.")
    var month: String
    @Option(help: "The file.")
    var output: String

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: PartnersAnswer = try await session.client.get("billing/partners")
        let statement = answer.partners.first { $0.id == id }?.statements.first { $0.month == month }
        guard let statement else {
            throw CommandFailure(.notFound, "there is no statement of \(id.printable) for \(month.printable)")
        }
        try DocumentOutput.write(statement.document, to: output)
        try session.print(json: statement) {
            ["\(Wording.count(statement.lineCount, "line")), \(statement.owed) $ owed, \(statement.paid) STORJ paid"]
        }
    }
}

/// Partners in words.
enum PartnerText {
    static func lines(_ answer: PartnersAnswer) -> [String] {
        guard !answer.partners.isEmpty else { return ["no partners"] }
        var table = TextTable([
            .init("PARTNER"), .init("PRODUCTS"), .init("WALLET"), .init("MONTH"), .init("OWED $", .right),
            .init("PAID STORJ", .right), .init("IN ALL STORJ", .right),
        ])
        for partner in answer.partners {
            let newest = partner.statements.first
            table.add([
                partner.id, partner.products.joined(separator: ", "), partner.wallet, newest?.month ?? "-",
                newest?.owed ?? "-", newest?.paid ?? "-", newest?.cumulative ?? "-",
            ])
        }
        return table.lines
    }
}
