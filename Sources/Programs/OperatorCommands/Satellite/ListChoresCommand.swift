import AdminAPI
package import ArgumentParser
import ClientCommands
import Foundation

/// `storj satellite chores list`.
package struct ListChoresCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the recurring work and how its newest runs went.")
    package static let server = OperatorServer.satellite
    package static let path = "satellite chores list"

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: ChoresAnswer = try await session.client.get("chores")
        guard !session.isJSON else { return try answer.chores.forEach(session.output.json) }
        try ChoreText.table(answer.chores, now: session.environment.now()).forEach { try session.output.line($0) }
    }
}

/// Chores in words.
enum ChoreText {
    static func table(_ chores: [ChoreAnswer], now: Date) -> [String] {
        var table = TextTable([
            .init("CHORE"), .init("STATE"), .init("EVERY", .right), .init("RUNS", .right), .init("FAILED", .right),
            .init("LAST RUN", .right), .init("TOOK", .right), .init("LAST ERROR"),
        ])
        for chore in chores {
            table.add([
                chore.name, state(chore), Wording.duration(chore.intervalSeconds), "\(chore.runCount)",
                "\(chore.failureCount)", Wording.ago(chore.lastEnd, now: now), took(chore), chore.lastError ?? "",
            ])
        }
        return table.lines
    }

    /// What it is doing, in a word or two.
    static func state(_ chore: ChoreAnswer) -> String {
        chore.isRunning ? "running" : !chore.isPaused ? "waiting" : chore.isOnDemand ? "on demand" : "paused"
    }

    /// How long the newest finished run took; a dash while another one is under way.
    static func took(_ chore: ChoreAnswer) -> String {
        guard !chore.isRunning, let start = chore.lastStart, let end = chore.lastEnd, end >= start else { return "-" }
        return Wording.duration(end.timeIntervalSince(start))
    }

    /// One chore in one line.
    static func line(_ chore: ChoreAnswer, now: Date) -> String {
        var text = "\(chore.name): \(state(chore)), \(Wording.count(chore.runCount, "run"))"
        if chore.failureCount > 0 { text += ", \(chore.failureCount) failed" }
        if chore.lastEnd != nil { text += ", the last one \(Wording.ago(chore.lastEnd, now: now))" }
        if let error = chore.lastError { text += ": \(error)" }
        return text.printable
    }
}
