package import ArgumentParser
package import ClientCommands
import Foundation
import GatewayRecords

/// `storj gateway list`.
package struct GatewayListCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the registered credentials, without anything that opens them.",
        discussion: """
            A credential is shown by the hash of its access key id, all that the gateway keeps of it.

            Example:
              storj gateway list --json
            """)

    @OptionGroup package var client: ClientOptions
    @OptionGroup package var gateway: GatewayFolderOption

    package init() {}

    package func run(in session: CommandSession) async throws {
        let rows = try await gateway.withRecords(in: session) { records in
            let accounts = try await records.accounts.all()
            let byID = Dictionary(accounts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            return try await records.credentials.summaries().map {
                CredentialRow($0, accounts: byID, now: session.environment.now())
            }
        }
        guard !session.isJSON else { return try rows.forEach(session.output.json) }
        guard !rows.isEmpty else { return session.messages.note("No credentials are registered.") }
        var table = TextTable([
            .init("ID"), .init("ACCOUNT"), .init("STATE"), .init("PUBLIC"), .init("CREATED"), .init("EXPIRES"),
        ])
        for row in rows {
            table.add([
                String(row.id.prefix(GatewayRevokeCommand.shownDigits)), row.name ?? String(row.account.prefix(12)),
                row.state, row.isPublic ? "yes" : "", session.show(row.created),
                row.expires.map(session.show) ?? "",
            ])
        }
        try table.lines.forEach(session.output.line)
    }
}
