package import ArgumentParser
package import ClientCommands

/// A command of a stranger: it looks at what a satellite publishes and at a ledger, and prints.
package protocol MarketCommand: AsyncParsableCommand, Sendable {
    /// What is typed after `storj`, to point to help.
    static var path: String { get }
    /// Whether results are JSON.
    var json: Bool { get }

    /// Does the work. What is thrown ends the command with a message and an exit status.
    func run(environment: CommandEnvironment, output: CommandOutput) async throws
}

extension MarketCommand {
    package func run() async throws {
        let status = await InterruptibleRun.run { [self] in
            await perform(environment: .process, output: .standardOutput, messages: .standardError)
        }
        if status != .success { throw ExitCode(status.rawValue) }
    }

    /// Runs the command with surroundings of the caller's choice.
    package func perform(
        environment: CommandEnvironment, output: CommandOutput, messages: CommandOutput
    ) async -> ExitStatus {
        await CommandRun.run(named: Self.path, isJSON: json, output: output, messages: messages) {
            try await run(environment: environment, output: output)
        }
    }
}
