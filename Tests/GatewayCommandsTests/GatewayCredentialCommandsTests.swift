import ArgumentParser
import ClientCommands
import Foundation
import GatewayCommands
import GatewayRecords
import StorageModel
import TestSupport
import Testing

/// What the program `storj gateway` is made of here.
private struct Program: AsyncParsableCommand {
    static let configuration = CommandConfiguration(subcommands: CredentialCommands.all)
}

@Suite struct GatewayCredentialCommandsTests {
    static let now = Date(timeIntervalSince1970: 1_795_348_800)
    let random = RandomSource.seeded(3)

    private func run(_ arguments: [String], folder: URL) async throws -> (ClientCommands.ExitStatus, String, String) {
        var environment = CommandEnvironment(now: { Self.now })
        environment.variables["STORJ_CONFIG_DIR"] = folder.path
        let parsed = try Program.parseAsRoot(arguments)
        let command = try #require(parsed as? any ClientCommand)
        let output = CommandOutput.inMemory()
        let messages = CommandOutput.inMemory()
        let status = await CommandRun.run(command, environment: environment, output: output, messages: messages)
        return (status, output.text, messages.text)
    }

    private func register(in folder: URL) async throws -> Credential {
        let records = try await GatewayRecords.open(folder: folder.appending(path: "gateway"), random: random)
        let time = Timestamp(microseconds: 1_795_348_000_000_000)
        try await records.accounts.put(GatewayAccount(id: "aabb", name: "Ada"), at: time)
        let credential = try await records.credentials.register(
            CredentialRegistration(grant: "g", accountID: "aabb"), at: time, random: random)
        try records.close()
        return credential
    }

    @Test func `list shows the account and the hash, not the access key id`() async throws {
        try await withTemporaryFolder { folder in
            let credential = try await register(in: folder)
            let (status, output, _) = try await run(["list"], folder: folder)
            #expect(status == .success)
            #expect(output.contains("Ada"))
            #expect(output.contains(credential.id.description.prefix(12)))
            #expect(!output.contains(credential.accessKeyID))
        }
    }

    @Test func `revoke takes the id that list shows, and the credential is listed as revoked`() async throws {
        try await withTemporaryFolder { folder in
            let credential = try await register(in: folder)
            let id = String(credential.id.description.prefix(12))
            #expect(try await run(["revoke", id, "--reason", "lost"], folder: folder).0 == .success)
            let (_, output, _) = try await run(["list", "--json"], folder: folder)
            #expect(output.contains(#""state":"revoked""#))
            #expect(output.contains(#""reason":"lost""#))
            #expect(try await run(["revoke", id], folder: folder).0 == .notFound)
        }
    }

    @Test func `revoke takes the access key id itself, and refuses fewer digits than name one`() async throws {
        try await withTemporaryFolder { folder in
            let credential = try await register(in: folder)
            let short = String(credential.id.description.prefix(4))
            #expect(try await run(["revoke", short], folder: folder).0 == .notFound)
            #expect(try await run(["revoke", credential.accessKeyID], folder: folder).0 == .success)
        }
    }

    @Test func `register without a grant says so, and one that ends in the past is refused`() async throws {
        try await withTemporaryFolder { folder in
            let (status, _, messages) = try await run(["register"], folder: folder)
            #expect(status != .success)
            #expect(!messages.isEmpty)
            #expect(try await run(["register", "--expires", "2020-01-01"], folder: folder).0 == .usage)
        }
    }
}
