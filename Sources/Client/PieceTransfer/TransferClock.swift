package import StorageModel

/// The time of transfers: a part handed in, so that tests decide when somebody is late.
package struct TransferClock: Sendable {
    /// The current moment.
    package let now: @Sendable () -> Timestamp
    /// Returns after the duration; throws `CancellationError` when the task is cancelled before.
    package let sleep: @Sendable (Duration) async throws -> Void

    /// A clock that asks `now` and waits by `sleep`.
    package init(
        now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The machine's clock behind `now`: what programs choose.
    package static func system(_ wallClock: WallClock) -> TransferClock {
        TransferClock(now: wallClock.now) { try await Task.sleep(for: $0) }
    }
}
