package import ArgumentParser
package import ClientCommands
import Foundation
import GatewayRecords

/// `storj gateway revoke`.
package struct GatewayRevokeCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a credential for good; a running gateway refuses it within seconds.",
        discussion: """
            The grant behind it goes on working elsewhere; storj access revoke ends that.

            Examples:
              storj gateway revoke 9f86d081884c --reason "laptop lost"
            """)

    /// Digits of a credential's id that listings show, and the fewest that name one.
    static let shownDigits = 12

    @OptionGroup package var client: ClientOptions
    @OptionGroup package var gateway: GatewayFolderOption

    @Argument(help: "The access key id, or the id that storj gateway list shows.")
    package var credential: String

    @Option(help: "Why, for whoever lists the credentials later.")
    package var reason = ""

    package init() {}

    package func run(in session: CommandSession) async throws {
        let id = try await gateway.withRecords(in: session) { records in
            let ids = try await records.credentials.summaries().filter { $0.revokedAt == nil }.map(\.id)
            let id = try Self.choose(credential, among: ids)
            try await records.credentials.revoke(id, reason: reason, at: session.timestamp)
            return id
        }
        if session.isJSON {
            try session.output.json(["revoked": id.description])
        } else {
            try session.output.line("Revoked \(id.description.prefix(Self.shownDigits)).")
        }
    }

    /// The one credential that a text names.
    ///
    /// - Throws: `CommandFailure` when none or several have that name.
    static func choose(_ text: String, among ids: [CredentialID]) throws -> CredentialID {
        let whole = CredentialID(accessKeyID: text)
        if ids.contains(whole) { return whole }
        let digits = text.lowercased()
        let found = digits.utf8.count >= shownDigits ? ids.filter { $0.description.hasPrefix(digits) } : []
        switch found.count {
        case 1: return found[0]
        case 0:
            throw CommandFailure(
                .notFound, "no credential that works has this id", advice: "See storj gateway list")
        default: throw CommandFailure(.usage, "several credentials begin so", advice: "Give more digits")
        }
    }
}
