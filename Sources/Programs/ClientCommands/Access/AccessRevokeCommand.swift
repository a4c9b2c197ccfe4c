package import ArgumentParser
import Uplink

/// `storj access revoke`.
package struct AccessRevokeCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Have the satellite refuse a grant and all that were made from it, for good.",
        discussion: """
            The grant must have been made from the one in use.

            Examples:
              storj access revoke photos
              storj access revoke --access main - < grant.txt
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "A saved name, a grant, or - for standard input.", completion: .custom(AccessCompletion.names))
    package var grant: String

    package init() {}

    package func run(in session: CommandSession) async throws {
        let revoked = try session.access(named: grant)
        guard revoked != (try session.access()) else {
            throw CommandFailure(
                .usage, "a grant cannot revoke itself", advice: "Give the grant it was made from with --access")
        }
        try await session.withProject { try await $0.revoke(revoked) }
        if session.isJSON {
            try session.output.json(["revoked": true])
        } else {
            try session.output.line("Revoked. Grants made from it are refused as well.")
        }
    }
}
