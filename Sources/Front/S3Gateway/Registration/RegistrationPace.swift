import StorageModel
import Synchronization

/// How often grants may be registered: so many a minute from an address, and so many from all together.
final class RegistrationPace: Sendable {
    private struct Minute {
        var begin: Timestamp?
        var total = 0
        /// Never more entries than `mostOfAll`.
        var byAddress: [String: Int] = [:]
    }

    private let mostOfOne: Int
    private let mostOfAll: Int
    private let minute = Mutex(Minute())

    /// - Parameters: both at least 1.
    init(mostOfOne: Int, mostOfAll: Int) {
        precondition(mostOfOne > 0 && mostOfAll > 0, "a pace lets somebody in")
        self.mostOfOne = mostOfOne
        self.mostOfAll = mostOfAll
    }

    /// Counts an attempt; false when it is one too many.
    func admits(_ address: String, at now: Timestamp) -> Bool {
        minute.withLock { minute in
            // A clock that was set back begins a new minute too.
            if minute.begin.map({ now < $0 || now.duration(since: $0) >= .seconds(60) }) ?? true {
                minute = Minute(begin: now)
            }
            guard minute.total < mostOfAll, minute.byAddress[address, default: 0] < mostOfOne else { return false }
            minute.total += 1
            minute.byAddress[address, default: 0] += 1
            return true
        }
    }
}
