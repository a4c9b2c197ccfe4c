package import ArgumentParser
import ClientCommands
import NodeAPI

/// `storj node exit`.
package struct NodeExitCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "exit", abstract: "Leave a satellite in good order, and get the held money back.",
        discussion: """
            The node stays online while the satellite moves its pieces to others, about a month. Then the satellite signs
            that the exit is complete, and only then the node deletes that satellite's data.
            """,
        subcommands: [Status.self, Begin.self], defaultSubcommand: Status.self)

    package init() {}

    /// `storj node exit status`.
    package struct Status: OperatorCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Show the exits that are under way or over.",
            discussion: """
                Steps: requested, exiting, completed, deleted; or failed or refused, when nothing was deleted.
                The JSON has the satellite's signed receipt.

                Examples:
                  storj node exit status --dir node
                  storj node exit status --dir node --json | jq -r .exits[].receipt
                """)
        package static let server = OperatorServer.node
        package static let path = "node exit status"

        @OptionGroup package var options: OperatorOptions

        package init() {}

        package func run(in session: OperatorSession) async throws {
            let answer: ExitsAnswer = try await session.client.get("exits")
            try session.print(json: answer) {
                answer.exits.isEmpty ? ["no satellite is being left"] : NodeText.exits(answer.exits, session)
            }
        }
    }

    /// `storj node exit begin`.
    package struct Begin: OperatorCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Ask a satellite to let the node go. This cannot be undone.",
            discussion: """
                Exit code 1 when the satellite refuses, for instance because the node is too young.

                Example:
                  storj node exit begin SATELLITE_ID --dir node --yes
                """)
        package static let server = OperatorServer.node
        package static let path = "node exit begin"

        @OptionGroup package var options: OperatorOptions

        @Argument(help: "The satellite's id.")
        var satellite: String

        @Flag(help: "Really begin.")
        var yes = false

        package init() {}

        package func validate() throws {
            guard yes else {
                throw ValidationError("An exit cannot be undone: the satellite's data is deleted at its end. Add --yes to begin.")
            }
        }

        package func run(in session: OperatorSession) async throws {
            let exit: ExitAnswer = try await session.client.post("exits", body: Wanted(satellite: satellite))
            try session.print(json: exit) { NodeText.exits([exit], session) }
            if exit.step == "refused" || exit.step == "failed" {
                throw CommandFailure(.failure, "the satellite does not let the node go: \(exit.problem ?? "no reason given")")
            }
        }

        private struct Wanted: Encodable, Sendable {
            let satellite: String
        }
    }
}
