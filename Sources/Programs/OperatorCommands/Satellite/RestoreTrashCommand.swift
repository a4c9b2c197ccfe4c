import AdminAPI
package import ArgumentParser
import ClientCommands

/// `storj satellite garbage restore-trash`.
package struct RestoreTrashCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "restore-trash",
        abstract: "Have all nodes take back what is in their trash, and tell none to throw anything away for a while.",
        discussion: """
            The emergency brake: for a satellite that was restored from a backup, or whose segments went missing. Nodes keep
            their trash for seven days. Exit code 7 when some nodes could not be told; every collection tells them again
            while filters are held back.

            Example:
              storj satellite garbage restore-trash --dir sat
            """)
    package static let server = OperatorServer.satellite
    package static let path = "satellite garbage restore-trash"

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let answer: RestoredTrashAnswer = try await session.client.post("garbage/restore-trash")
        try session.print(json: answer) {
            ["\(Wording.count(answer.restoredCount, "node")) took back their trash"] + GarbageText.refusals(answer.refusals)
        }
        guard answer.refusals.isEmpty else {
            throw CommandFailure(.partial, "\(Wording.count(answer.refusals.count, "node")) could not be told")
        }
    }
}

/// `storj satellite garbage end-hold`.
package struct EndHoldCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "end-hold", abstract: "Tell nodes again what to throw away, from the next collection on.",
        discussion: """
            Only when all segments are there: storj satellite durability counts them.

            Example:
              storj satellite garbage end-hold --dir sat
            """)
    package static let server = OperatorServer.satellite
    package static let path = "satellite garbage end-hold"

    @OptionGroup package var options: OperatorOptions

    package init() {}

    package func run(in session: OperatorSession) async throws {
        let garbage: GarbageAnswer = try await session.client.post("garbage/end-hold")
        try session.print(json: garbage) { GarbageText.lines(garbage, session) }
    }
}
