internal import Synchronization

/// One call on a server, from its Invoke to the return of its handler.
final class ServerCall: Sendable {
    private enum Progress {
        case running
        /// A later call of the same connection waits for this one.
        case awaited(@Sendable () -> Void)
        case finished
    }

    let stream: RPCStream
    let context: RPCContext
    private let progress = Mutex(Progress.running)

    init(stream: RPCStream, context: RPCContext) {
        self.stream = stream
        self.context = context
    }

    /// Calls `body` once the handler has returned, on its thread; returns false, and does not, when it already has.
    func whenFinished(_ body: @escaping @Sendable () -> Void) -> Bool {
        progress.withLock { progress in
            if case .finished = progress { return false }
            progress = .awaited(body)
            return true
        }
    }

    /// Says that the handler has returned.
    func finish() {
        let successor = progress.withLock { progress -> (@Sendable () -> Void)? in
            defer { progress = .finished }
            if case .awaited(let body) = progress { return body }
            return nil
        }
        successor?()
    }
}
