import Dispatch
import Foundation
import Synchronization

/// Lets a person or the system end a command in order: the first signal cancels, the second ends at once.
package enum InterruptibleRun {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    /// Runs a command's work; its status, or `.interrupted` when a signal cancelled it.
    package static func run(_ body: @escaping @Sendable () async -> ExitStatus) async -> ExitStatus {
        // A reader that goes away is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // Somebody is listening before the work begins: it may ask a question at once, and be answered with Ctrl-C.
        let interruption = Interruption()
        let sources = signals.map { number in
            // A signal that was ignored when the program started, as under nohup, stays ignored.
            source(number) { interruption.signal() }
        }
        let task = Task { await body() }
        interruption.attach(task)
        let status = await task.value
        for source in sources { source?.cancel() }
        return status
    }

    /// Signals that arrived, also before there was something to cancel.
    private final class Interruption: Sendable {
        private let state = Mutex((task: Task<ExitStatus, Never>?.none, count: 0))

        func signal() {
            let (task, count) = state.withLock { state in
                state.count += 1
                return (state.task, state.count)
            }
            if count > 1 { _exit(ExitStatus.interrupted.rawValue) }
            task?.cancel()
        }

        func attach(_ task: Task<ExitStatus, Never>) {
            let isSignalled = state.withLock { state in
                state.task = task
                return state.count > 0
            }
            if isSignalled { task.cancel() }
        }
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
