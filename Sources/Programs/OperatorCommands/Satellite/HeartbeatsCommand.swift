import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite heartbeats`.
package struct HeartbeatsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "heartbeats", abstract: "Show which nodes have proven what they hold, in the newest period.",
        discussion: """
            Anyone can recompute a verdict from the published report: storj verify heartbeat --help.

            Examples:
              storj satellite heartbeats --dir sat
              storj satellite heartbeats --dir sat --nodes
              storj satellite chores trigger heartbeat-period --dir sat
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    @Flag(help: "List the nodes, not only those that failed.")
    var nodes = false

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let heartbeats: HeartbeatsAnswer = try await session.client.get("heartbeats")
        try session.print(json: heartbeats) {
            guard let period = heartbeats.period else { return ["there was no period yet"] }
            let chosen = heartbeats.nodes.filter { nodes || ["failed", "unreachable"].contains($0.verdict) && $0.isCovered }
            return facts(heartbeats, period, session) + table(chosen) + earlier(heartbeats, session)
        }
    }

    private func facts(
        _ heartbeats: HeartbeatsAnswer, _ period: HeartbeatsAnswer.Period, _ session: OperatorSession
    ) -> [String] {
        FactList.lines([
            (name: "period", value: "\(period.number), \(period.state), until \(session.show(period.end))"),
            (name: "nodes asked", value: "\(heartbeats.coveredCount), \(heartbeats.signedCount) have signed"),
            (name: "verdicts", value: Self.words(heartbeats.counts)),
            (name: "only audited", value: Wording.count(heartbeats.uncoveredCount, "node")),
            (
                name: "proven",
                value: "\(SizeText.human(Int64(clamping: heartbeats.provableBytes))) can be, "
                    + "\(SizeText.human(Int64(clamping: heartbeats.unprovableBytes))) only audits cover"
            ),
            (name: "report", value: period.reportRoot ?? "not published yet"),
        ])
    }

    private static func words(_ counts: HeartbeatsAnswer.Counts) -> String {
        "\(counts.passed) passed, \(counts.failed) failed, \(counts.unreachable) unreachable, "
            + "\(counts.pending) pending, \(counts.void) void"
    }

    private func table(_ nodes: [HeartbeatsAnswer.Node]) -> [String] {
        guard !nodes.isEmpty else { return [] }
        var table = TextTable([
            .init("NODE"), .init("VERDICT"), .init("PROVABLE", .right), .init("OTHER", .right), .init("TRIES", .right),
            .init("LAST ERROR"),
        ])
        for node in nodes {
            table.add([
                node.node, node.isCovered ? node.verdict : "not asked",
                SizeText.human(Int64(clamping: node.provableBytes)), SizeText.human(Int64(clamping: node.unprovableBytes)),
                "\(node.attempts)", node.lastError ?? "",
            ])
        }
        return [""] + table.lines
    }

    private func earlier(_ heartbeats: HeartbeatsAnswer, _ session: OperatorSession) -> [String] {
        guard !heartbeats.earlier.isEmpty else { return [] }
        return ["", "EARLIER"]
            + heartbeats.earlier.map { "\(session.show($0.start))  \($0.state)  \(Self.words($0.counts))" }
    }
}
