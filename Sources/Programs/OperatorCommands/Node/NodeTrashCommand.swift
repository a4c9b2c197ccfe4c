package import ArgumentParser
import ClientCommands
import NodeAPI

/// `storj node trash`.
package struct NodeTrashCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "trash", abstract: "What satellites called garbage: kept for 7 days, then deleted.",
        subcommands: [Status.self, Restore.self], defaultSubcommand: Status.self)

    package init() {}

    /// `storj node trash status`.
    package struct Status: OperatorCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Show how much is in the trash.",
            discussion: """
                Example:
                  storj node trash status --dir node
                """)
        package static let server = OperatorServer.node
        package static let path = "node trash status"

        @OptionGroup package var options: OperatorOptions

        package init() {}

        package func run(in session: OperatorSession) async throws {
            let trash: TrashAnswer = try await session.client.get("trash")
            try session.print(json: trash) { NodeTrashCommand.lines(trash) }
        }
    }

    /// `storj node trash restore`.
    package struct Restore: OperatorCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Take all pieces out of the trash, for one satellite or for all.",
            discussion: """
                A filter that waits to be applied is dropped; the satellite's next one decides anew.

                Examples:
                  storj node trash restore --dir node
                  storj node trash restore --dir node --satellite SATELLITE_ID
                """)
        package static let server = OperatorServer.node
        package static let path = "node trash restore"

        @OptionGroup package var options: OperatorOptions

        @Option(help: "Only this satellite's pieces.")
        var satellite: String?

        package init() {}

        package func run(in session: OperatorSession) async throws {
            let trash: TrashAnswer = try await session.client.post("trash/restore", body: Wanted(satellite: satellite))
            try session.print(json: trash) { ["\(Wording.count(trash.restored ?? 0, "piece")) restored"] }
        }

        private struct Wanted: Encodable, Sendable {
            let satellite: String?
        }
    }

    static func lines(_ trash: TrashAnswer) -> [String] {
        var table = TextTable([.init("SATELLITE"), .init("PIECES", .right), .init("SIZE", .right)])
        for part in trash.satellites {
            table.add([part.satellite, Wording.number(part.pieces), SizeText.human(part.bytes)])
        }
        return table.lines
    }
}
