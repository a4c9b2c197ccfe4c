package import ArgumentParser
package import ClientCommands
import Foundation
import GatewayRecords
import S3Gateway
import StorageModel
import Uplink

/// `storj gateway register`.
package struct GatewayRegisterCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "register", abstract: "Give an access grant an access key id and a secret for S3 tools.",
        discussion: """
            The secret is shown once and kept nowhere in clear. Restrict the grant first, with storj share, and the
            credential can do no more than it.

            With --public, who knows the access key id may read without the secret: that is what short links are made of.
            With --link the grant is first restricted to reading one place, and the link to it is printed.

            Examples:
              storj gateway register --access main
              storj gateway register --expires +30d --name "Ada's laptop"
              storj gateway register --link sj://photos/2026/ --expires +7d
              eval $(storj gateway register --format env)
            """)

    /// How the credential is printed.
    package enum Format: String, ExpressibleByArgument, CaseIterable, Sendable {
        case text, env, aws
    }

    @OptionGroup package var client: ClientOptions
    @OptionGroup package var gateway: GatewayFolderOption

    @Option(help: "What others see as the account's name.")
    package var name: String?

    @Option(help: "The address that access control lists may name the account by.")
    package var email: String?

    @Flag(name: .customLong("public"), help: "Let who knows the access key id read without the secret.")
    package var isPublic = false

    @Option(
        help: ArgumentHelp("Make a public credential for reading this place, and print a link to it.", valueName: "place"),
        transform: RemotePath.parse)
    package var link: RemotePath?

    @Option(help: ArgumentHelp("When the credential ends: +2h, 2026-12-01T00:00:00Z, none.", valueName: "time"))
    package var expires: String?

    @Option(help: ArgumentHelp("An access key id of your own, 16 characters or more.", valueName: "id"))
    package var accessKeyID: String?

    @Flag(help: "Read a secret of your own from standard input.")
    package var secretFromInput = false

    @Option(help: "text, env (shell variables) or aws (a profile of its credentials file).")
    package var format = Format.text

    package init() {}

    package func validate() throws {
        try link?.requireBucket()
    }

    package func run(in session: CommandSession) async throws {
        let end = try expires.flatMap(session.time).map { Timestamp(date: $0) }
        if let end, end <= session.timestamp { throw ValidationError("--expires lies in the past") }
        let secret = secretFromInput ? try Self.secret(in: session) : nil
        let access = try granted(in: session)
        let credential = try await gateway.withRecords(in: session) { records in
            try await session.withProject { project in
                let registrar = CredentialRegistrar(
                    records: records, random: .system, clock: WallClock { session.timestamp })
                return try await registrar.register(
                    grant: access, of: project,
                    CredentialRegistrar.Wishes(
                        name: name, email: email, isPublic: isPublic || link != nil, expiresAt: end, accessKeyID: accessKeyID,
                        secretKey: secret))
            }
        }
        let address = link.map {
            LinkAddress(base: session.settings.linkURL, access: credential.accessKeyID, isRaw: false).url(to: $0)
        }
        let text = CredentialDetails(credential, link: address)
        if session.isJSON {
            try session.output.json(text)
        } else {
            try text.lines(format, show: session.show).forEach(session.output.line)
        }
    }

    /// The grant to register: of a link, reading its place and nothing else.
    private func granted(in session: CommandSession) throws -> Access {
        guard let link else { return try session.access() }
        return try session.access().shared(.readOnly, prefixes: [SharePrefix(bucket: link.bucket, prefix: link.key)])
    }

    private static func secret(in session: CommandSession) throws -> String {
        if session.environment.isInputTerminal { return try session.environment.readSecret("Secret access key: ") }
        return try session.environment.readLine() ?? ""
    }
}
