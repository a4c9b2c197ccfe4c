/// How chores wait: a part handed in, so that tests decide when an interval is over.
package struct Sleeper: Sendable {
    /// Returns after the duration; throws `CancellationError` when the task is cancelled before.
    package let sleep: @Sendable (Duration) async throws -> Void

    /// Waits by calling `sleep`.
    package init(sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.sleep = sleep
    }

    /// The machine's monotonic clock: what programs choose.
    package static let system = Sleeper { try await Task.sleep(for: $0) }
}
