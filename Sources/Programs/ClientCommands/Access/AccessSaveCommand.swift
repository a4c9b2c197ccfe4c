package import ArgumentParser
import Foundation
import Uplink

/// `storj access save`.
package struct AccessSaveCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Save a grant under a name.",
        discussion: """
            Without GRANT, or with -, the grant is read from standard input, where others on this machine do not see it.
            The first grant that is saved becomes the default.

            Examples:
              storj access save main < grant.txt
              storj access save photos 1Gxy…
            """,
        aliases: ["import"])

    @OptionGroup package var client: ClientOptions

    @Argument(help: "The name.")
    package var name: String

    @Argument(help: "The grant, a file that holds it, or - for standard input.", completion: .file())
    package var grant: String?

    @Flag(help: "Make it the default.")
    package var use = false

    @Flag(help: "Replace a saved grant of the same name.")
    package var force = false

    package init() {}

    package func validate() throws {
        _ = try AccessName.parse(name)
    }

    package func run(in session: CommandSession) async throws {
        let name = try AccessName.parse(name)
        let access = try AccessStore.parse(try text(in: session), what: "the text")
        let isDefault = try session.store.save(access.text, as: name, replaces: force, makesDefault: use)
        if session.isJSON {
            try session.output.json(
                SavedAccess(name: name.description, isDefault: isDefault, satellite: access.satellite))
        } else {
            try session.output.line("Saved \(name)\(isDefault ? ", the default" : "").")
        }
    }

    private func text(in session: CommandSession) throws -> String {
        if let grant, grant != "-" { return try fileText(grant) ?? grant }
        if session.environment.isInputTerminal { return try session.environment.readSecret("Access grant: ") }
        return try session.environment.readLine() ?? ""
    }

    /// The content of a file of that name; a grant is longer than file names can be.
    private func fileText(_ path: String) throws -> String? {
        guard path.utf8.count <= Int(NAME_MAX), FileManager.default.fileExists(atPath: path) else { return nil }
        do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw CommandFailure(.failure, "\(path) cannot be read: \(error.localizedDescription)")
        }
    }
}

/// A saved grant, as JSON.
struct SavedAccess: Encodable, Equatable {
    let name: String
    let isDefault: Bool
    let satellite: String?
}
