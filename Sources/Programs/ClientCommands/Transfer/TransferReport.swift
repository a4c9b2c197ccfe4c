import Foundation
import Synchronization
import Uplink

/// Collects what became of each item and tells it: lines of JSON, or words, as it happens and in the end.
package final class TransferReport: Sendable {
    private struct State {
        var failures: [any Error] = []
        var succeeded = 0
        var unchanged = 0
        var deleted = 0
        var bytes: Int64 = 0
        /// Advice that has been given.
        var advice: Set<String> = []
    }

    /// So many failures of one kind, and no success, and the rest is not tried: a grant that may not write at all would
    /// otherwise be refused a million times.
    private static let hopelessCount = 50

    private let session: CommandSession
    private let display: ProgressDisplay
    private let board: ProgressBoard
    private let options: TransferOptions
    /// Whether only one thing was asked for, so that its failure is the command's.
    private let isSingle: Bool
    private let state = Mutex(State())

    /// A report without entries.
    package init(
        session: CommandSession, display: ProgressDisplay, board: ProgressBoard, options: TransferOptions, isSingle: Bool
    ) {
        self.session = session
        self.display = display
        self.board = board
        self.options = options
        self.isSingle = isSingle
    }

    /// Takes note of an item that went well.
    ///
    /// - Throws: when the output cannot be written.
    package func succeeded(_ record: TransferRecord) throws {
        var record = record
        if options.isDryRun { record.dryRun = true }
        state.withLock { state in
            if record.action == .delete { state.deleted += 1 } else { state.succeeded += 1 }
            state.bytes += record.size ?? 0
        }
        if session.isJSON { return try write(record) }
        if options.isDryRun || options.isVerbose { try session.output.line(record.line) }
    }

    /// Takes note of an item that failed.
    ///
    /// - Parameter record: what should have been done.
    /// - Throws: when the output cannot be written, or when the failure is one that all others would share.
    package func failed(_ record: TransferRecord, _ error: any Error) throws {
        state.withLock { $0.failures.append(error) }
        let report = FailureReport(error, helpCommand: "")
        let endsEverything = endsEverything(error, source: record.source)
        if session.isJSON {
            var record = record
            record.error = report.error
            record.message = report.message
            try write(record)
        } else if !isSingle, !endsEverything {
            // The same advice for a thousand files is given once.
            let isNew = state.withLock { $0.advice.insert(report.advice).inserted }
            report.lines.prefix(isNew ? 2 : 1).forEach(display.note)
        }
        if endsEverything { throw error }
    }

    /// Takes note of something that does not take part.
    package func skipped(_ location: Location, reason: String) {
        if !session.isJSON { display.note("storj: \(location.description.printable) is left out: \(reason)") }
    }

    /// Takes note of an item that was the same already.
    package func unchanged() { state.withLock { $0.unchanged += 1 } }

    /// Whether nothing has failed so far.
    package var isClean: Bool { state.withLock { $0.failures.isEmpty } }
    /// How many items went well so far.
    package var succeededCount: Int { state.withLock { $0.succeeded } }

    private func write(_ record: TransferRecord) throws {
        try session.output.json(record)
        try session.output.flush()
    }

    /// Whether a failure is one that no other item escapes.
    private func endsEverything(_ error: any Error, source: String?) -> Bool {
        if error is CommandOutput.ReaderGone { return true }
        guard let error = error as? UplinkError else { return false }
        switch error.code {
        case .wrongPassphrase, .invalidAccess, .satelliteUnreachable, .limitExceeded: return true
        // Sources can lie in several buckets; all targets lie in one.
        case .bucketNotFound: return source?.hasPrefix(RemotePath.scheme) == false
        case .permissionDenied, .notEnoughNodes, .satelliteError:
            return state.withLock { state in
                state.succeeded == 0 && state.failures.count >= Self.hopelessCount
                    && state.failures.allSatisfy { ($0 as? UplinkError)?.code == error.code }
            }
        default: return false
        }
    }
}

// MARK: The end

extension TransferReport {
    /// Tells what was done altogether.
    ///
    /// - Parameters:
    ///   - verb: for people: "uploaded".
    ///   - isSync: whether it matters what was the same already.
    package func summarize(verb: String, isSync: Bool, showsWords: Bool) throws {
        let (snapshot, state) = (board.snapshot, state.withLock { $0 })
        guard session.isJSON else {
            guard showsWords, !options.isDryRun else { return }
            var words = ProgressLine.summary(snapshot, verb: verb, elapsed: display.elapsed)
            if isSync { words += ", \(state.unchanged) unchanged" }
            if state.deleted > 0 { words += ", \(state.deleted) deleted" }
            return display.note(words)
        }
        try session.output.json(
            TransferSummary(
                files: state.succeeded, failed: state.failures.count, unchanged: isSync ? state.unchanged : nil,
                deleted: isSync ? state.deleted : nil, bytes: state.bytes, bytesSent: max(0, snapshot.bytesMoved),
                bytesResumed: snapshot.bytesResumed, seconds: display.elapsed / .seconds(1),
                dryRun: options.isDryRun ? true : nil))
    }

    /// Ends the command as its failures ask for.
    ///
    /// - Throws: the failure itself when it was the only thing to do, otherwise `CommandFailure` with `.partial`.
    package func conclude() throws {
        let (failures, succeeded) = state.withLock { ($0.failures, $0.succeeded + $0.deleted) }
        guard let first = failures.first else { return }
        if isSingle { throw first }
        let total = failures.count + succeeded
        // A tree with one thing in it, or one that is not there, has said why already; the status tells which.
        let status = total == 1 ? FailureReport(first, helpCommand: "").status : .partial
        throw CommandFailure(status, total == 1 ? "nothing was done" : "\(failures.count) of \(total) failed")
    }
}
