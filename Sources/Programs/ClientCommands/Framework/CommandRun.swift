import ArgumentParser
import Foundation
import Installation
import Uplink

/// Runs a command and turns its end into an exit status and, for a failure, words.
package enum CommandRun {
    /// Runs a parsed command.
    package static func run<Command: ClientCommand>(
        _ command: Command, environment: CommandEnvironment, output: CommandOutput, messages: CommandOutput
    ) async -> ExitStatus {
        await run(named: Command._commandName, isJSON: command.client.json, output: output, messages: messages) {
            let session = try CommandSession(
                options: command.client, flags: command.flags, environment: environment, output: output,
                messages: messages)
            try await command.run(in: session)
        }
    }

    /// Runs the work of a command of any kind.
    ///
    /// - Parameter name: whose `--help` to point to when the command line is wrong.
    package static func run(
        named name: String, isJSON: Bool, output: CommandOutput, messages: CommandOutput,
        _ work: () async throws -> Void
    ) async -> ExitStatus {
        do {
            try await work()
            try output.flush()
            return .success
        } catch {
            // What was found before the failure still reaches the reader, and comes before the message.
            do { try output.flush() } catch { return .failure }
            return report(error, named: name, isJSON: isJSON, to: messages)
        }
    }

    /// Says why a command failed; the status it ends with.
    private static func report(
        _ error: any Error, named name: String, isJSON: Bool, to messages: CommandOutput
    ) -> ExitStatus {
        if error is CommandOutput.ReaderGone { return .failure }
        let report = FailureReport(error, helpCommand: name)
        if isJSON {
            do { try messages.json(report) } catch {
                // Nobody reads standard error; the status still says that the command failed.
                return report.status
            }
        } else {
            report.lines.forEach(messages.note)
        }
        return report.status
    }
}
