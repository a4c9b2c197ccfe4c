import AdminAPI
package import ArgumentParser
import Chores
import ClientCommands

/// `storj satellite chores trigger`.
package struct TriggerChoreCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "trigger", abstract: "Run a chore once, now, and wait for it.",
        discussion: """
            Works for paused chores too. When a run is under way, another one follows it. Ctrl-C stops the waiting, not
            the chore. Exit code 1 when the run fails.

            Examples:
              storj satellite chores trigger ranged-loop --dir sat
              storj satellite chores trigger garbage-collection --dir sat --no-wait
            """)
    package static let server = OperatorServer.satellite
    package static let path = "satellite chores trigger"

    @OptionGroup package var options: OperatorOptions
    @Argument(help: "The chore's name.")
    var name: String

    @Flag(inversion: .prefixedNo, help: "Wait until the run has ended.")
    var wait = true

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let path = "chores/\(OperatorClient.component(name))"
        let before: ChoreAnswer = try await session.client.get(path)
        var chore: ChoreAnswer = try await session.client.post("\(path)/trigger?wait=false")
        if wait {
            // A run that was under way before is not the one that was asked for.
            let target = before.runCount + (before.isRunning ? 2 : 1)
            var progress = ProgressNote(session)
            while chore.runCount < target {
                try await session.sleeper.sleep(.milliseconds(200))
                chore = try await session.client.get(path)
                if chore.isRunning, chore.name == Self.loopChore {
                    let loop: LoopAnswer = try await session.client.get("loop")
                    progress.show("\(chore.name): \(LoopText.progress(loop))")
                }
            }
            progress.clear()
        }
        try session.print(json: chore) { [ChoreText.line(chore, now: session.environment.now())] }
        if wait, let error = chore.lastError { throw CommandFailure(.failure, "\(chore.name) failed: \(error)") }
    }

    /// The chore whose progress can be seen.
    static let loopChore = "ranged-loop"
}

/// A line at a terminal that is written over again and again.
struct ProgressNote {
    private let session: OperatorSession
    private var isShown = false

    init(_ session: OperatorSession) { self.session = session }

    /// Shows a text in place of the last one; nothing where nobody watches.
    mutating func show(_ text: String) {
        guard session.environment.isErrorTerminal, !session.isJSON else { return }
        write("\r\(text.printable)\u{1B}[K")
        isShown = true
    }

    /// Takes the text away.
    mutating func clear() {
        guard isShown else { return }
        write("\r\u{1B}[K")
        isShown = false
    }

    private func write(_ text: String) {
        do { try session.messages.write(Array(text.utf8)) } catch {
            // Progress that nobody reads is no reason to stop.
            return
        }
    }
}
