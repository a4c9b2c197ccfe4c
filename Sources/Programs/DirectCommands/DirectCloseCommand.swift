package import ArgumentParser
import ClientCommands
import Direct
import StorageModel

/// `storj direct close`.
package struct DirectCloseCommand: DirectCommand {
    package static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Close channels: pay what is owed, and get back the rest.",
        discussion: """
            A farmer has some days to claim; run it again after that. Agreements go on without a channel.

            Examples:
              storj direct close --dir me
              storj direct close --dir me 12Kq…
            """)

    @OptionGroup package var options: DirectOptions

    @Argument(help: ArgumentHelp("Farmers; none: all.", valueName: "node id"))
    package var nodes: [String] = []

    package init() {}

    package func validate() throws {
        for text in nodes where (try? NodeID(text: text)) == nil { throw ValidationError("\"\(text)\" is not a node's id") }
    }

    private struct Row: Encodable {
        let node: String
        let isClosed: Bool
        let endsAt: UInt64?
    }

    package func run(in session: DirectSession) async throws {
        let chosen = Set(nodes.compactMap { try? NodeID(text: $0) })
        let rows = try await session.withCustomer { customer in
            var rows: [Row] = []
            for farmer in try await customer.status().farmers where farmer.record.state != .closed {
                guard chosen.isEmpty || chosen.contains(farmer.record.node) else { continue }
                let end = try await customer.close(farmer.record.node)
                rows.append(Row(node: farmer.record.node.description, isClosed: end == nil, endsAt: end))
            }
            return rows
        }
        var table = TextTable([.init("FARMER"), .init("CHANNEL")])
        for row in rows {
            table.add([row.node, row.endsAt.map { "closing until \(session.show(seconds: $0))" } ?? "closed"])
        }
        try session.print(rows) { rows.isEmpty ? ["No channel is open."] : table.lines }
    }
}
