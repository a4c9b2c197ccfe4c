import Dispatch
import Foundation

/// Lets a person or the system end a command in order: the first signal cancels, the second ends at once.
package enum InterruptibleRun {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    /// Runs a command's work; its status, or `.interrupted` when a signal cancelled it.
    package static func run(_ body: @escaping @Sendable () async -> ExitStatus) async -> ExitStatus {
        // A reader that goes away is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let task = Task { await body() }
        let sources = signals.map { number in
            // A signal that was ignored when the program started, as under nohup, stays ignored.
            source(number) { cancelOrEnd(task) }
        }
        let status = await task.value
        for source in sources { source?.cancel() }
        return status
    }

    private static func cancelOrEnd(_ task: Task<ExitStatus, Never>) {
        guard task.isCancelled else { return task.cancel() }
        _exit(ExitStatus.interrupted.rawValue)
    }

    private static func source(
        _ number: Int32, _ handler: @escaping @Sendable () -> Void
    ) -> (any DispatchSourceSignal)? {
        var old = sigaction()
        guard sigaction(number, nil, &old) == 0, !isIgnored(old) else { return nil }
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler(handler: handler)
        source.resume()
        return source
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        let ignored = unsafeBitCast(SIG_IGN, to: Int.self)
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == ignored
    }
}
