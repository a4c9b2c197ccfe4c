import Foundation
package import Uplink

/// What the commands that move many files have in common: the project, the display, the report and the end.
package struct TransferCommandRun: Sendable {
    private let session: CommandSession
    private let options: TransferOptions
    /// Whether only one file or object was asked for.
    private let isSingle: Bool
    /// Whether standard output takes content.
    private let isOutputTaken: Bool
    /// For the summary: "uploaded".
    private let verb: String

    /// What a command knows once it has read its line.
    package init(
        session: CommandSession, options: TransferOptions, isSingle: Bool = false,
        isOutputTaken: Bool = false, verb: String
    ) throws {
        guard !(isOutputTaken && session.isJSON) else {
            throw CommandFailure(.usage, "--json does not go with content on standard output")
        }
        self.session = session
        self.options = options
        self.isSingle = isSingle
        self.isOutputTaken = isOutputTaken
        self.verb = verb
    }

    /// Opens the project, does what `find` finds, then what `finish` does, and ends the command as the report asks for.
    package func run(
        isSync: Bool = false,
        find: @escaping @Sendable (Project, TransferReport, _ emit: (TransferFinding) async throws -> Void) async throws -> Void,
        finish: (Project, TransferReport) async throws -> Void = { _, _ in }
    ) async throws {
        let access = try session.access()
        let board = ProgressBoard()
        let display = ProgressDisplay(
            board: board, messages: session.messages, style: style, width: ProgressDisplay.terminalWidth)
        let report = TransferReport(
            session: session, display: display, board: board, options: options, isSingle: isSingle)
        let showsWords = style != .none
        do {
            try await session.withProject(adjust: adjust) { project in
                let folders = LocalFolders()
                let store = CheckpointStore(
                    environment: session.environment, configuration: session.store.file.deletingLastPathComponent())
                let worker = TransferWorker(
                    project: project, options: options, folders: folders,
                    resumer: UploadResumer(project: project, store: store, grant: access.text), notify: display.note)
                let run = TransferRun(options: options, worker: worker, report: report, board: board, folders: folders)
                try await display.whileShowing {
                    try await run.run { try await find(project, report, $0) }
                    try await finish(project, report)
                }
            }
        } catch {
            try report.summarize(verb: verb, isSync: isSync, showsWords: showsWords && report.succeededCount > 0)
            guard error is CancellationError else { throw error }
            throw CommandFailure(.interrupted, "interrupted; \(report.succeededCount) of \(board.snapshot.filesTotal) are done")
        }
        try report.summarize(
            verb: verb, isSync: isSync, showsWords: showsWords && (report.isClean || report.succeededCount > 0))
        try report.conclude()
    }

    private func adjust(_ configuration: inout Configuration) {
        if let parallelism = options.parallelism { configuration.segmentsInFlight = parallelism }
        configuration.correctsErrors = options.correctsErrors
    }

    private var style: ProgressDisplay.Style {
        // A dry run is over at once, and content on a terminal would run into the bar.
        guard options.showsProgress, !options.isDryRun, !session.isJSON || session.environment.isErrorTerminal else { return .none }
        guard session.environment.isErrorTerminal, session.environment.variable("TERM") != "dumb" else { return .plain }
        return isOutputTaken && session.environment.isOutputTerminal ? .none : .bar
    }
}
