package import ArgumentParser
import Foundation
import Uplink

/// `storj access list`.
package struct AccessListCommand: ClientCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the saved grants.",
        discussion: """
            The default is marked. The grants themselves are not shown; storj access export prints one.

            Example:
              storj access list
            """)

    @OptionGroup package var client: ClientOptions

    package init() {}

    package func run(in session: CommandSession) async throws {
        let content = try session.store.read()
        let rows = content.accesses.keys.sorted().map { name in
            SavedAccess(
                name: name, isDefault: name == content.default, satellite: Self.satellite(content.accesses[name]))
        }
        guard !session.isJSON else { return try rows.forEach(session.output.json) }
        guard !rows.isEmpty else { return session.messages.note("No grants are saved in \(session.store.file.path).") }
        var table = TextTable([.init("NAME"), .init("DEFAULT"), .init("SATELLITE")])
        for row in rows { table.add([row.name, row.isDefault ? "*" : "", row.satellite ?? "(not a grant)"]) }
        try table.lines.forEach(session.output.line)
    }

    private static func satellite(_ grant: String?) -> String? {
        // A damaged entry is listed as such, so that the others can be used and this one removed.
        grant.flatMap { try? Access($0).satellite }
    }
}
