import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite status`.
package struct SatelliteStatusCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show a running satellite at a glance, and what needs attention.",
        discussion: """
            Examples:
              storj satellite status --dir sat
              storj satellite status --dir sat --check > /dev/null || mail -s "look at the satellite" me
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    @Flag(help: "End with exit code 1 when something needs attention.")
    var check = false

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let status: StatusAnswer = try await session.client.get("status")
        try session.print(json: status) { Self.lines(status, session) }
        guard check, !status.attention.isEmpty else { return }
        throw CommandFailure(.failure, "\(Wording.count(status.attention.count, "thing")) to look at")
    }

    static func lines(_ status: StatusAnswer, _ session: OperatorSession) -> [String] {
        let nodes = status.nodes
        let states = [
            (nodes.offline, "offline"), (nodes.suspended, "suspended"), (nodes.exiting, "exiting"),
            (nodes.exited, "exited"), (nodes.disqualified, "disqualified"),
        ].filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
        var facts = [
            ("satellite", status.id),
            ("running since", "\(session.show(status.startedAt)) (\(Wording.ago(status.startedAt, now: status.now)))"),
            ("nodes", "\(nodes.online) online\(states); \(nodes.vetted) vetted"),
            ("free on nodes", SizeText.human(nodes.freeDisk)),
            ("segments", DurabilityText.summary(status.durability)),
            ("pass", LoopText.line(status.loop, now: status.now)),
        ]
        let failing = status.chores.count { $0.lastError != nil }
        let paused = status.chores.count { $0.isPaused && !$0.isOnDemand }
        facts.append(
            ("chores", "\(status.chores.count)" + (failing > 0 ? ", \(failing) failing" : "")
                + (paused > 0 ? ", \(paused) paused" : "")))
        var lines = FactList.lines(facts.map { (name: $0.0, value: $0.1) })
        if !status.attention.isEmpty { lines += [""] + status.attention.map { "! \($0.printable)" } }
        return lines
    }
}
