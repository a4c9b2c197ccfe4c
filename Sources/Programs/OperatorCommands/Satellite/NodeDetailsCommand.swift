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
        let details: NodeDetailsAnswer = try await session.client.get("nodes/\(OperatorClient.component(id))")
        try session.print(json: details) {
            FactList.lines(Self.facts(details, session)) + Self.audits(details, session) + Self.events(details, session)
        }
    }

    private static func facts(
        _ details: NodeDetailsAnswer, _ session: OperatorSession
    ) -> [(name: String, value: String)] {
        let node = details.node
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
        if let standing = details.standing {
            facts += [
                ("audits", "\(standing.successes) of \(standing.totalAudits) passed"),
                ("audit score", Wording.percent(standing.auditScore)),
                ("score of unknown errors", Wording.percent(standing.unknownScore)),
                ("online score", Wording.percent(standing.onlineScore)),
            ]
        }
        for heartbeat in details.heartbeats.prefix(3) {
            facts.append(("heartbeat \(heartbeat.period)", heartbeat.isCovered ? heartbeat.verdict : "not asked"))
        }
        return facts.map { (name: $0.0, value: $0.1) }
    }

    private static func audits(_ details: NodeDetailsAnswer, _ session: OperatorSession) -> [String] {
        guard let audits = details.audits, !(audits.owed.isEmpty && audits.rows.isEmpty) else { return [] }
        var table = TextTable([
            .init("TIME"), .init("AUDIT"), .init("RESULT"), .init("SEGMENT"), .init("PIECE", .right), .init(""),
        ])
        for row in audits.owed + audits.rows {
            table.add([
                session.show(row.time), row.kind, row.result, row.segment, "\(row.pieceNumber)", row.detail,
            ])
        }
        return [""] + table.lines
    }

    private static func events(_ details: NodeDetailsAnswer, _ session: OperatorSession) -> [String] {
        guard !details.events.isEmpty else { return [] }
        return ["", "EVENTS"] + details.events.map { "\(session.show($0.time))  \($0.kind.printable)" }
    }
}
