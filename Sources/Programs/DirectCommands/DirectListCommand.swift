package import ArgumentParser
import ClientCommands
import Direct
import Foundation
import StorageModel

/// `storj direct ls`.
package struct DirectListCommand: DirectCommand {
    package static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "Show what is stored.",
        discussion: """
            Examples:
              storj direct ls --dir me
              storj direct ls --dir me --json
            """)

    @OptionGroup package var options: DirectOptions

    package init() {}

    private struct Row: Encodable {
        let name: String
        let size: Int64
        let created: Date
        let isComplete: Bool
    }

    package func run(in session: DirectSession) async throws {
        let objects = try await session.withCustomer { try await $0.objects() }
        let rows = objects.map {
            Row(
                name: $0.name, size: $0.size, created: Date(timeIntervalSince1970: Double($0.created.seconds)),
                isComplete: $0.isComplete)
        }
        var table = TextTable([.init("STORED"), .init("SIZE", .right), .init("NAME"), .init("")])
        for (row, object) in zip(rows, objects) {
            table.add([
                session.show(seconds: UInt64(clamping: object.created.seconds)), SizeText.human(row.size), row.name,
                row.isComplete ? "" : "interrupted",
            ])
        }
        try session.print(rows) { table.lines }
    }
}
