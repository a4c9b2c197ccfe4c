import ArgumentParser
import ClientCommands
import Foundation
import TestSupport
import Testing

/// The testing library has an exit status too.
typealias ExitStatus = ClientCommands.ExitStatus

/// The program as these tests see it: all of a customer's commands, and no server.
struct TestProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "storj", subcommands: ClientProgram.subcommands)
}

/// What a command said and how it ended.
struct CommandResult {
    let status: ExitStatus
    let output: String
    let messages: String
}

/// Runs commands with an environment of the test's own.
struct CommandRunner {
    /// 2026-11-22T12:00:00Z.
    static let now = Date(timeIntervalSince1970: 1_795_348_800)

    let folder: URL
    var environment = CommandEnvironment(now: { Self.now })

    init(folder: URL) {
        self.folder = folder
        environment.variables["STORJ_CONFIG_DIR"] = folder.path
    }

    /// Parses and runs a command line; what the parser refuses ends as it does in the program.
    func run(_ arguments: String...) async throws -> CommandResult { try await run(list: arguments) }

    /// Runs a command line given as a list.
    func run(list arguments: [String]) async throws -> CommandResult {
        let parsed: any ParsableCommand
        do {
            parsed = try TestProgram.parseAsRoot(ClientProgram.normalized(arguments))
        } catch {
            let status = ExitStatus(rawValue: TestProgram.exitCode(for: error).rawValue) ?? .failure
            return CommandResult(status: status, output: "", messages: TestProgram.fullMessage(for: error))
        }
        let command = try #require(parsed as? any ClientCommand)
        return await execute(command)
    }

    private func execute(_ command: some ClientCommand) async -> CommandResult {
        let output = CommandOutput.inMemory()
        let messages = CommandOutput.inMemory()
        let status = await CommandRun.run(command, environment: environment, output: output, messages: messages)
        return CommandResult(status: status, output: output.text, messages: messages.text)
    }
}

/// A parsed command.
func parse<Command: ParsableCommand>(_ type: Command.Type, _ arguments: String...) throws -> Command {
    try #require(try TestProgram.parseAsRoot(ClientProgram.normalized(arguments)) as? Command)
}

/// The command line's mistake, as the parser tells it; nil when there is none.
func mistake(_ arguments: String...) -> String? {
    do {
        _ = try TestProgram.parseAsRoot(ClientProgram.normalized(arguments))
        return nil
    } catch {
        return TestProgram.exitCode(for: error).rawValue == ExitStatus.usage.rawValue
            ? TestProgram.message(for: error) : nil
    }
}

/// Grants made by the reference implementation.
enum GoldenGrants {
    private struct File: Decodable {
        struct Grant: Decodable {
            let name: String
            let grant: String
            let parent: String?
        }

        let grants: [Grant]
    }

    /// A grant of a whole project.
    static func root() throws -> String {
        try #require(try Vectors.decode(File.self, from: "access.json").grants.first { $0.parent == nil }).grant
    }
}
