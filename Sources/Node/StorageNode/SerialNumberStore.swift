package import StorageModel
import Synchronization

/// The serial numbers used lately, so that no order limit works twice.
///
/// Kept in memory only: after a restart a limit is at most an hour old to be accepted, which bounds what can be
/// replayed. When full, the number that would be forgotten first makes room.
/// - Source: protocol document 3 §1.7 step 7.
package final class SerialNumberStore: Sendable {
    fileprivate struct Key: Hashable {
        let satellite: NodeID
        let serial: SerialNumber
    }

    fileprivate struct State {
        var used: Set<Key> = []
        /// Keys by the second in which they may be forgotten.
        var buckets: [Int64: [Key]] = [:]
        var firstSecond: Int64 = .max
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: how many numbers are remembered, about 100 bytes each.
    package init(capacity: Int = 20_000) { self.capacity = capacity }

    /// Uses a serial number; false when it was used before.
    ///
    /// - Parameter until: when the number may be forgotten, because its limit is refused from then on.
    package func use(satellite: NodeID, serial: SerialNumber, until: Timestamp, now: Timestamp) -> Bool {
        state.withLock { state in
            state.forget(before: now.seconds)
            let key = Key(satellite: satellite, serial: serial)
            guard state.used.insert(key).inserted else { return false }
            let second = max(until.seconds, now.seconds)
            state.buckets[second, default: []].append(key)
            state.firstSecond = min(state.firstSecond, second)
            while state.used.count > capacity { state.forgetFirst() }
            return true
        }
    }
}

extension SerialNumberStore.State {
    fileprivate mutating func forget(before second: Int64) {
        while firstSecond < second, !buckets.isEmpty { forgetFirst() }
    }

    fileprivate mutating func forgetFirst() {
        for key in buckets.removeValue(forKey: firstSecond) ?? [] { used.remove(key) }
        firstSecond = buckets.keys.min() ?? .max
    }
}
