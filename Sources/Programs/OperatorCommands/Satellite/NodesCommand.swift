import AdminAPI
package import ArgumentParser
import ClientCommands
import Foundation

/// `storj satellite nodes`.
package struct NodesCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "nodes", abstract: "List the nodes a satellite knows, and what state they are in.",
        discussion: """
            States: online, offline, suspended, exiting, exited, disqualified. "v" marks a node that has proven itself,
            "c" one that owes an answer to an audit.

            Examples:
              storj satellite nodes --dir sat
              storj satellite nodes --dir sat --state offline --state suspended
              storj satellite nodes --dir sat --json | jq -r 'select(.online | not) | .id'
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    @Option(
        name: .customLong("state"), parsing: .singleValue,
        help: ArgumentHelp("Only nodes in this state; may be given several times.", valueName: "state"))
    var states: [String] = []

    package init() {}

    package func validate() throws { _ = try wanted() }

    private func wanted() throws -> Set<NodeAnswer.State> {
        Set(
            try states.map { text in
                guard let state = NodeAnswer.State(rawValue: text) else {
                    let known = NodeAnswer.State.allCases.map(\.rawValue).sorted().joined(separator: ", ")
                    throw ValidationError("\"\(text.printable)\" is no state: \(known)")
                }
                return state
            })
    }

    package func run(in session: OperatorSession) async throws {
        let answer: NodesAnswer = try await session.client.get("nodes")
        let wanted = try wanted()
        let nodes = answer.nodes.filter { wanted.isEmpty || wanted.contains($0.state) }
        guard !session.isJSON else { return try nodes.forEach(session.output.json) }
        try Self.table(nodes, now: session.environment.now()).forEach { try session.output.line($0) }
    }

    private static func table(_ nodes: [NodeAnswer], now: Date) -> [String] {
        var table = TextTable([
            .init("NODE"), .init("STATE"), .init(""), .init("ADDRESS"), .init("CC"), .init("PIECES", .right),
            .init("FREE", .right), .init("VERSION"), .init("LAST CONTACT", .right),
        ])
        for node in nodes {
            table.add([
                node.id, node.state.rawValue, (node.vetted ? "v" : "") + (node.contained ? "c" : ""), node.address,
                node.country, Wording.number(Int(clamping: node.pieceCount)), SizeText.human(node.freeDisk), node.version,
                Wording.ago(node.lastContactSuccess, now: now),
            ])
        }
        return table.lines
    }
}
