package import ArgumentParser
package import Chores
package import ClientCommands

/// A command of an operator: it asks a running server, and prints.
package protocol OperatorCommand: AsyncParsableCommand, Sendable {
    /// The options that all commands share: `@OptionGroup var options: OperatorOptions`.
    var options: OperatorOptions { get }

    /// Who is asked.
    static var server: OperatorServer { get }

    /// What is typed after `storj`, to point to help.
    static var path: String { get }

    /// Does the work. What is thrown ends the command with a message and an exit status.
    func run(in session: OperatorSession) async throws
}

extension OperatorCommand {
    package static var path: String { "\(server.rawValue) \(_commandName)" }

    package func run() async throws {
        let status = await InterruptibleRun.run { [self] in
            await perform(environment: .process, sleeper: .system, output: .standardOutput, messages: .standardError)
        }
        if status != .success { throw ExitCode(status.rawValue) }
    }

    /// Runs the command with surroundings of the caller's choice.
    package func perform(
        environment: CommandEnvironment, sleeper: Sleeper, output: CommandOutput, messages: CommandOutput
    ) async -> ExitStatus {
        await CommandRun.run(
            named: Self.path, isJSON: options.json, output: output, messages: messages
        ) {
            let endpoint = try OperatorEndpoint.find(Self.server, in: options.url, environment: environment)
            try await run(
                in: OperatorSession(
                    client: OperatorClient(endpoint), options: options, environment: environment, sleeper: sleeper,
                    output: output, messages: messages))
        }
    }
}
