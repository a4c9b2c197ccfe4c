package import ArgumentParser
package import ClientCommands

/// A command of a customer without a satellite.
package protocol DirectCommand: AsyncParsableCommand, Sendable {
    /// The options that all commands share: `@OptionGroup var options: DirectOptions`.
    var options: DirectOptions { get }

    /// Does the work. What is thrown ends the command with a message and an exit status.
    func run(in session: DirectSession) async throws
}

extension DirectCommand {
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
        await CommandRun.run(named: "direct \(Self._commandName)", isJSON: options.json, output: output, messages: messages) {
            let session = DirectSession(
                options: options, environment: environment, output: output, messages: messages)
            do { try await run(in: session) } catch { throw DirectFailure.of(error) }
        }
    }
}
