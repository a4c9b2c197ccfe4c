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
        do {
            let session = try CommandSession(
                options: command.client, flags: command.flags, environment: environment, output: output,
                messages: messages)
            try await command.run(in: session)
            try output.flush()
            return .success
        } catch {
            // What was found before the failure still reaches the reader, and comes before the message.
            do { try output.flush() } catch { return .failure }
            return report(error, of: Command.self, isJSON: command.client.json, to: messages)
        }
    }

    /// Says why a command failed; the status it ends with.
    private static func report<Command: ClientCommand>(
        _ error: any Error, of command: Command.Type, isJSON: Bool, to messages: CommandOutput
    ) -> ExitStatus {
        if error is CommandOutput.ReaderGone { return .failure }
        let report = FailureReport(error, helpCommand: command._commandName)
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
