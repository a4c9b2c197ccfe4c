import AdminAPI
package import ArgumentParser
import Chores
import ClientCommands
import Foundation

/// `storj satellite chores watch`.
package struct WatchChoresCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Watch the recurring work and the progress of the pass over all segments.",
        discussion: """
            A terminal shows one table that changes; elsewhere, and with --json, there is a line for every change. Ctrl-C
            ends it.

            Examples:
              storj satellite chores watch --dir sat
              storj satellite chores watch --dir sat --every 5 --json
            """)
    package static let server = OperatorServer.satellite
    package static let path = "satellite chores watch"

    @OptionGroup package var options: OperatorOptions

    @Option(help: ArgumentHelp("Seconds between two looks.", valueName: "seconds"))
    var every = 1.0

    @Option(help: ArgumentHelp("End after so many looks.", valueName: "number"))
    var count: Int?

    package init() {}

    package func validate() throws {
        guard every >= 0.1, every <= 86_400 else { throw ValidationError("--every lies between 0.1 and 86400") }
        guard count ?? 1 > 0 else { throw ValidationError("--count is at least 1") }
    }

    package func run(in session: OperatorSession) async throws {
        var seen: [String: ChoreAnswer] = [:]
        var shownLines = 0
        var looks = 0
        while true {
            let chores: ChoresAnswer = try await session.client.get("chores")
            let loop: LoopAnswer = try await session.client.get("loop")
            if session.environment.isOutputTerminal, !session.isJSON {
                shownLines = try redraw(chores.chores, loop, over: shownLines, session)
            } else {
                try tell(chores.chores, loop, &seen, session)
            }
            try session.output.flush()
            looks += 1
            if let count, looks >= count { return }
            try await session.sleeper.sleep(.seconds(every))
        }
    }

    /// Draws the table where the last one stands; its count of lines.
    private func redraw(
        _ chores: [ChoreAnswer], _ loop: LoopAnswer, over lineCount: Int, _ session: OperatorSession
    ) throws -> Int {
        let now = session.environment.now()
        let lines = ChoreText.table(chores, now: now) + ["", "pass over all segments: \(LoopText.line(loop, now: now))"]
        let back = lineCount > 0 ? "\u{1B}[\(lineCount)A\u{1B}[J" : ""
        try session.output.write(Array((back + lines.joined(separator: "\n") + "\n").utf8))
        return lines.count
    }

    /// One line for every chore that changed since the last look, and for the pass while it is under way.
    private func tell(
        _ chores: [ChoreAnswer], _ loop: LoopAnswer, _ seen: inout [String: ChoreAnswer], _ session: OperatorSession
    ) throws {
        for chore in chores where seen[chore.name] != chore {
            seen[chore.name] = chore
            try session.print(json: chore) {
                ["\(session.show(session.environment.now()))  \(ChoreText.line(chore, now: session.environment.now()))"]
            }
        }
        guard loop.isRunning else { return }
        try session.print(json: loop) {
            ["\(session.show(session.environment.now()))  pass over all segments: \(LoopText.progress(loop))"]
        }
    }
}
