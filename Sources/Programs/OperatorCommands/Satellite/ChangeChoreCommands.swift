import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite chores pause`.
package struct PauseChoreCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Let a chore run only when it is triggered, until it is resumed.",
        discussion: "A run under way comes to its end. A satellite that starts again runs all its chores.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite chores pause"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The chore's name.")
    var name: String

    package init() {}

    package func run(in session: OperatorSession) async throws { try await session.change(name, "pause") }
}

/// `storj satellite chores resume`.
package struct ResumeChoreCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a paused chore run again, the next time after its whole interval.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite chores resume"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The chore's name.")
    var name: String

    package init() {}

    package func run(in session: OperatorSession) async throws { try await session.change(name, "resume") }
}

extension OperatorSession {
    /// Changes a chore and shows it.
    fileprivate func change(_ chore: String, _ verb: String) async throws {
        let answer: ChoreAnswer = try await client.post("chores/\(OperatorClient.component(chore))/\(verb)")
        try print(json: answer) { [ChoreText.line(answer, now: environment.now())] }
    }
}
