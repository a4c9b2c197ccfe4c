package import ArgumentParser

/// A command of a customer: it parses and prints, the library does the work.
package protocol ClientCommand: AsyncParsableCommand, Sendable {
    /// The options that all commands share: `@OptionGroup var client: ClientOptions`.
    var client: ClientOptions { get }

    /// The settings that this command's own flags give, by key, over those of `client`.
    var flags: [String: String] { get }

    /// Does the work. What is thrown ends the command with a message and an exit status.
    func run(in session: CommandSession) async throws
}

extension ClientCommand {
    package var flags: [String: String] { [:] }

    package func run() async throws {
        let status = await InterruptibleRun.run { [self] in
            await CommandRun.run(self, environment: .process, output: .standardOutput, messages: .standardError)
        }
        if status != .success { throw ExitCode(status.rawValue) }
    }
}
