package import ArgumentParser
import Foundation

/// `storj access export`.
package struct AccessExportCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print a saved grant, or write it to a file that only you may read.",
        discussion: """
            Examples:
              storj access export photos
              storj access export photos grant.txt
            """)

    @OptionGroup package var client: ClientOptions

    @Argument(help: "The name.", completion: .custom(AccessCompletion.names))
    package var name: String

    @Argument(help: "The file.", completion: .file())
    package var file: String?

    package init() {}

    package func validate() throws {
        _ = try AccessName.parse(name)
    }

    package func run(in session: CommandSession) async throws {
        let name = try AccessName.parse(name)
        let grant = try session.store.read().requireSaved(name)
        if let file { return try GrantDelivery.write(grant, to: file) }
        if session.isJSON {
            try session.output.json(NewAccess(access: grant, name: name.description))
        } else {
            try session.output.line(grant)
        }
    }
}

/// A grant with its secrets, as JSON.
struct NewAccess: Encodable {
    /// The grant's text.
    let access: String
    /// The name under which it is saved.
    let name: String?
}
