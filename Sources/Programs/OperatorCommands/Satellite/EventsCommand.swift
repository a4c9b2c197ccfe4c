import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite events`.
package struct EventsCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "events", abstract: "List what happened to nodes, the newest first.",
        discussion: """
            Examples:
              storj satellite events --dir sat
              storj satellite events --dir sat --limit 1000 --json | jq 'select(.kind == "disqualified")'
            """)
    package static let server = OperatorServer.satellite

    @OptionGroup package var options: OperatorOptions

    @Option(help: ArgumentHelp("How many, at most 10000.", valueName: "number"))
    var limit = 50

    package init() {}

    package func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit lies in 1…10000") }
    }

    package func run(in session: OperatorSession) async throws {
        let answer: NodeEventsAnswer = try await session.client.get("events?limit=\(limit)")
        guard !session.isJSON else { return try answer.events.forEach(session.output.json) }
        var table = TextTable([.init("TIME"), .init("EVENT"), .init("NODE")])
        for event in answer.events { table.add([session.show(event.time), event.kind, event.node]) }
        try table.lines.forEach { try session.output.line($0) }
    }
}
