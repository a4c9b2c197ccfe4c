import ArgumentParser
import ClientCommands
import DirectCommands
import Foundation
import TestSupport
import Testing

@Suite struct DirectCommandTests {
    private struct Answer: Decodable {
        let wallet: String
        let folder: String
    }

    private func run(_ command: some DirectCommand) async -> (status: ClientCommands.ExitStatus, output: String, messages: String) {
        let (output, messages) = (CommandOutput.inMemory(), CommandOutput.inMemory())
        let status = await command.perform(
            environment: CommandEnvironment(now: { Date(timeIntervalSince1970: 0) }), output: output, messages: messages)
        return (status, output.text, messages.text)
    }

    @Test func `a folder is made once, and made again it keeps its wallet`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "me").path
            let first = await run(
                try DirectInitCommand.parse(["--dir", path, "--json", "--endpoint", "http://127.0.0.1:1", "--chain-id", "1337"]))
            #expect(first.status == .success)
            let again = await run(try DirectInitCommand.parse(["--dir", path, "--json", "--quotes", "fixed:0.25"]))
            #expect(again.status == .success)
            let decoder = JSONDecoder()
            let wallets = try [first, again].map { try decoder.decode(Answer.self, from: Data($0.output.utf8)).wallet }
            #expect(wallets[0] == wallets[1])
            #expect(wallets[0].hasPrefix("0x"))
            for name in ["wallet.json", "hot.json", "content.key", "identity.key"] {
                let rights = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
                #expect(rights == 0o600, "\(name)")
            }
        }
    }

    @Test func `a folder that is no customer's is not used, and it is said how to make one`() async throws {
        try await withTemporaryFolder { folder in
            let result = await run(try DirectStatusCommand.parse(["--dir", folder.path]))
            #expect(result.status == .settings)
            #expect(result.messages.contains("storj direct init"))
        }
    }

    @Test func `without a folder nothing is guessed`() async throws {
        let result = await run(try DirectListCommand.parse([]))
        #expect(result.status == .usage)
        #expect(result.messages.contains("STORJ_DIRECT_DIR"))
    }

    @Test func `a node that is none is refused before anybody is asked`() async throws {
        try await withTemporaryFolder { folder in
            let result = await run(try DirectOffersCommand.parse(["--dir", folder.path, "nonsense"]))
            #expect(result.status == .usage)
            #expect(result.messages.contains("ID@HOST:PORT"))
        }
    }

    @Test(arguments: [["--deposit", "abc"], ["--deposit", "0"], ["--deposit", "1", "--cheapest", "0"]])
    func `amounts and numbers that make no sense are refused`(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try DirectHireCommand.parse(["--dir", "x"] + arguments) }
    }

    @Test(arguments: [["--periods", "0"], ["--periods", "257"], ["--period", "soon"], ["--scheme", "9/1"], ["--name", "a", "b"]])
    func `terms that nobody can agree to are refused`(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try DirectPutCommand.parse(["--dir", "x"] + arguments + ["file"]) }
    }

    @Test func `every command has examples in its help`() {
        for command in DirectProgram.configuration.subcommands {
            let help = DirectProgram.helpMessage(for: command)
            #expect(help.contains("Examples:"), "\(command)")
            #expect(help.contains("storj direct \(command.configuration.commandName ?? "?")"), "\(command)")
        }
    }
}
