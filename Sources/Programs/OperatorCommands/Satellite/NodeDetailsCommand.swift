import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite node`.
package struct NodeDetailsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Show all a satellite knows of one node.",
        discussion: """
            Example:
              storj satellite node 12L9ZFwhzVpuEKMUNUqkaTLGzwY9G24tbiigLiXpmZWKwmcNDDs --dir sat
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    @Argument(help: "The node's id.")
    var id: String

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let node: NodeAnswer = try await session.client.get("nodes/\(OperatorClient.component(id))")
        try session.print(json: node) { FactList.lines(Self.facts(node, session)) }
    }

    static func facts(_ node: NodeAnswer, _ session: OperatorSession) -> [(name: String, value: String)] {
        var facts = [
            ("node", node.id),
            ("state", node.state.rawValue + (node.vetted ? ", vetted" : "") + (node.contained ? ", owes an audit" : "")),
            ("address", node.address), ("network", node.network + (node.country.isEmpty ? "" : " (\(node.country))")),
            ("version", node.version), ("pieces", Wording.number(Int(clamping: node.pieceCount))),
            ("free", SizeText.human(node.freeDisk)), ("email", node.email), ("wallet", node.wallet),
            ("known since", session.show(node.createdAt)),
            ("last contact", session.show(node.lastContactSuccess)),
        ]
        let times = [
            ("last failed contact", node.lastContactFailure), ("vetted", node.vettedAt),
            ("suspended for unknown errors", node.unknownAuditSuspendedAt),
            ("suspended for being offline", node.offlineSuspendedAt), ("under review", node.underReviewAt),
            ("exit began", node.exitInitiatedAt), ("exit finished", node.exitFinishedAt),
        ]
        for (name, time) in times where time != nil { facts.append((name, session.show(time))) }
        if let time = node.disqualifiedAt {
            facts.append(("disqualified", "\(session.show(time)), \(node.disqualificationReason ?? "unknown")"))
        }
        return facts.map { (name: $0.0, value: $0.1) }
    }
}
