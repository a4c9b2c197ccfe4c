package import Chores
package import StorageModel
import Synchronization

/// Lets so many bytes through a second: whoever moves data asks first and waits for their turn.
///
/// Turns are given in the order of asking; what was not used is not saved up for later.
package final class BandwidthLimit: Sendable {
    private let bytesPerSecond: Int64?
    private let clock: WallClock
    private let sleeper: Sleeper
    private let nextTurn = Mutex<Timestamp?>(nil)

    /// A limit; nil lets everything through at once.
    ///
    /// - Parameter bytesPerSecond: greater than 0.
    package init(bytesPerSecond: Int64?, clock: WallClock, sleeper: Sleeper) {
        precondition(bytesPerSecond.map { $0 > 0 } ?? true, "a limit of no bytes at all would stop everything")
        self.bytesPerSecond = bytesPerSecond
        self.clock = clock
        self.sleeper = sleeper
    }

    /// Returns when the bytes may be moved.
    ///
    /// - Parameter bytes: at least 0.
    /// - Throws: `CancellationError`; the turn is lost then.
    package func take(_ bytes: Int64) async throws {
        guard let bytesPerSecond else { return }
        let now = clock.now()
        let duration = Duration.seconds(Double(max(0, bytes)) / Double(bytesPerSecond))
        let start = nextTurn.withLock { next -> Timestamp in
            let start = max(now, next ?? now)
            next = start.advanced(by: duration)
            return start
        }
        if start > now { try await sleeper.sleep(start.duration(since: now)) }
    }
}
