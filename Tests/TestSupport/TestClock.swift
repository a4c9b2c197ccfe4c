package import StorageModel
import Synchronization

/// A clock whose hands a test turns.
package final class TestClock: Sendable {
    private let state: Mutex<Timestamp>

    /// Starts at `start`, by default 2026-01-01T00:00:00Z.
    package init(start: Timestamp = Timestamp(microseconds: 1_767_225_600_000_000)) {
        state = Mutex(start)
    }

    /// The current moment.
    package var now: Timestamp { state.withLock { $0 } }

    /// Turns the hands.
    package func advance(by duration: Duration) {
        state.withLock { $0 = $0.advanced(by: duration) }
    }

    /// The clock to hand to rooms.
    package var wallClock: WallClock { WallClock { self.now } }
}
