package import ArgumentParser
import Uplink

/// `storj access create`.
package struct AccessCreateCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a grant from a satellite's address, an API key and a passphrase.",
        discussion: """
            What is not given is asked for. The passphrase encrypts what you store; nobody can recover it, and the satellite
            never sees it. When something is stored already, a passphrase that does not fit is refused. The grant is the
            last line printed.

            Examples:
              storj access create --satellite ID@HOST:PORT --api-key KEY --save main
              storj access create --satellite ID@HOST:PORT --api-key KEY --passphrase-stdin < passphrase.txt
            """)

    @OptionGroup package var client: ClientOptions
    @OptionGroup(title: "What becomes of it") package var delivery: GrantDelivery

    @Option(
        name: [.customLong("satellite"), .customLong("satellite-address")],
        help: ArgumentHelp("The satellite.", valueName: "id@host:port"))
    package var satellite: String?

    @Option(help: ArgumentHelp("The API key.", valueName: "key"))
    package var apiKey: String?

    @Option(
        help: ArgumentHelp(
            "The passphrase; others on this machine may see it in the list of processes.", valueName: "text"))
    package var passphrase: String?

    @Flag(help: "Read the passphrase from the first line of standard input.")
    package var passphraseStdin = false

    @Flag(name: .customLong("unencrypted-object-keys"), help: "Leave object keys readable for the satellite.")
    package var leavesKeysReadable = false

    @Flag(name: .customLong("no-passphrase-check"), help: "Do not compare the passphrase with what is stored.")
    package var skipsCheck = false

    @Flag(help: "Make the saved grant the default.")
    package var use = false

    package init() {}

    package func validate() throws {
        guard passphrase == nil || !passphraseStdin else {
            throw ValidationError("--passphrase and --passphrase-stdin exclude each other")
        }
        guard !use || delivery.name != nil else { throw ValidationError("--use needs --save NAME") }
    }

    package func run(in session: CommandSession) async throws {
        let parts = try GrantParts(self, in: session)
        let access = try await Access.request(
            satellite: parts.satellite, apiKey: parts.apiKey, passphrase: parts.passphrase,
            encryptsKeys: !leavesKeysReadable, configuration: session.settings.configuration)
        let isVerified = try await verify(access, parts, in: session)
        try delivery.deliver(access, in: session)
        if use, let name = delivery.name {
            try session.store.update { $0.default = name }
        }
        if session.isJSON {
            try session.output.json(
                CreatedAccess(
                    access: access.text, name: delivery.name, satellite: access.satellite,
                    passphraseVerified: isVerified))
        } else {
            try session.output.line(access.text)
        }
    }

    /// Compares the passphrase with what is stored; a new one that was typed is asked for again.
    private func verify(_ access: Access, _ parts: GrantParts, in session: CommandSession) async throws -> Bool {
        guard !skipsCheck else { return false }
        let verdict = try await Project.with(access, configuration: session.settings.configuration) {
            try await $0.verifyPassphrase()
        }
        if verdict == .verified { return true }
        if parts.isPassphraseTyped, try session.environment.readSecret("The passphrase once more: ") != parts.passphrase
        {
            throw CommandFailure(.usage, "the two passphrases differ", advice: "Nothing was made; try again")
        }
        return false
    }
}

/// What a grant is made from, given or asked for.
private struct GrantParts {
    let satellite: String
    let apiKey: String
    let passphrase: String
    /// Whether a person typed the passphrase without seeing it.
    let isPassphraseTyped: Bool

    init(_ command: AccessCreateCommand, in session: CommandSession) throws {
        let environment = session.environment
        func ask(_ flag: String, _ prompt: String) throws -> String {
            guard environment.isInputTerminal, !command.passphraseStdin else {
                throw ValidationError("\(flag) is missing")
            }
            return try environment.readSecret(prompt)
        }
        satellite = try command.satellite ?? ask("--satellite", "Satellite (id@host:port; not shown): ")
        apiKey = try command.apiKey ?? ask("--api-key", "API key (not shown): ")
        if let given = command.passphrase {
            passphrase = given
        } else if command.passphraseStdin {
            passphrase = try environment.readLine() ?? ""
        } else {
            guard environment.isInputTerminal else {
                throw ValidationError("a passphrase is missing: give --passphrase-stdin or --passphrase")
            }
            passphrase = try environment.readSecret("Passphrase (not shown): ")
        }
        isPassphraseTyped = command.passphrase == nil && !command.passphraseStdin
        guard !passphrase.isEmpty else {
            throw ValidationError("an empty passphrase encrypts nothing worth the name; choose one")
        }
    }
}

/// A new grant, as JSON.
private struct CreatedAccess: Encodable {
    let access: String
    let name: String?
    let satellite: String
    let passphraseVerified: Bool
}
