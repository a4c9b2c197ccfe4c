import AdminAPI
package import ArgumentParser
import ClientCommands

/// Whom a freeze is about: a customer with all projects, or one project.
package struct FreezeTarget: ParsableArguments {
    @Argument(help: "The customer's address of mail or id.")
    var customer: String?
    @Option(help: "One project by its id, instead of a customer.")
    var project: String?

    package init() {}

    package func validate() throws {
        guard customer == nil || project == nil else {
            throw ValidationError("name a customer, or a project with --project, not both")
        }
    }

    var isNobody: Bool { customer == nil && project == nil }

    func request(reason: String) -> BillingRequest.FreezeSubject {
        BillingRequest.FreezeSubject(
            subject: project == nil ? "customer" : "project", id: project ?? customer ?? "", reason: reason)
    }
}

/// `storj satellite freeze`.
package struct FreezeCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "freeze", abstract: "Stop uploads and downloads of a customer or project, or list who is stopped.",
        discussion: """
            What is stored stays, and can be listed and deleted. Accounts with unpaid bills are frozen by themselves.

            Examples:
              storj satellite freeze alice@example.com --reason "asked for by herself" --dir sat
              storj satellite freeze --project 9d3c…  --reason "abuse" --dir sat
              storj satellite freeze --dir sat
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions
    @OptionGroup var target: FreezeTarget
    @Option(help: "A sentence for those who look at it later.")
    var reason = "frozen by the operator"

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: FreezesAnswer =
            target.isNobody
            ? try await session.client.get("billing/freezes")
            : try await session.client.post("billing/freeze", body: target.request(reason: reason))
        try session.print(json: answer) { BillingText.freezes(answer.freezes, session) }
    }
}

/// `storj satellite unfreeze`.
package struct UnfreezeCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "unfreeze", abstract: "Let a customer or project upload and download again.",
        discussion: """
            Lifts every cause; one that still holds freezes again with the next look at open bills.

            Example:
              storj satellite unfreeze alice@example.com --dir sat
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions
    @OptionGroup var target: FreezeTarget

    package init() {}

    package func validate() throws {
        if target.isNobody { throw ValidationError("name a customer, or a project with --project") }
    }

    package func run(in session: OperatorSession) async throws {
        let answer: FreezesAnswer = try await session.client.post("billing/unfreeze", body: target.request(reason: ""))
        try session.print(json: answer) { BillingText.freezes(answer.freezes, session) }
    }
}
