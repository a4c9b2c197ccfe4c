import Synchronization

/// A write that waits for its commit, whatever its result is.
protocol PendingWrite: Sendable {
    /// Runs the body; its result waits for `finish`.
    func run(_ session: SQLSession) throws
    /// Answers the caller: with the result of `run`, or with why there is none.
    func finish(_ failure: (any Error)?)
}

/// A write with its caller.
final class QueuedWrite<Result: Sendable>: PendingWrite {
    private let body: @Sendable (SQLSession) throws -> Result
    private let caller: CheckedContinuation<Result, any Error>
    private let result = Mutex<Result?>(nil)

    init(
        _ body: @escaping @Sendable (SQLSession) throws -> Result, _ caller: CheckedContinuation<Result, any Error>
    ) {
        self.body = body
        self.caller = caller
    }

    func run(_ session: SQLSession) throws {
        let value = try body(session)
        result.withLock { $0 = value }
    }

    func finish(_ failure: (any Error)?) {
        if let failure {
            caller.resume(throwing: DatabaseError.translate(failure))
        } else if let value = result.withLock({ $0 }) {
            caller.resume(returning: value)
        } else {
            preconditionFailure("a write is finished without failure only after it ran")
        }
    }
}
