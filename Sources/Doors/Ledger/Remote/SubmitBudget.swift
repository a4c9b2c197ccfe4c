import StorageModel
import Synchronization

/// How many operations a caller may still submit in this minute: the ledger is free, so somebody has to stop those who
/// would fill its disk.
final class SubmitBudget: Sendable {
    private let clock: WallClock
    private let perMinute: Int
    private let state = Mutex((minute: Int64.min, counts: [String: Int]()))

    init(clock: WallClock, perMinute: Int) {
        self.clock = clock
        self.perMinute = perMinute
    }

    /// Whether another one may be taken.
    func take(from host: String) -> Bool {
        let minute = clock.now().seconds / 60
        return state.withLock { state in
            if state.minute != minute { state = (minute, [:]) }
            let count = state.counts[host] ?? 0
            guard count < perMinute else { return false }
            state.counts[host] = count + 1
            return true
        }
    }
}
