import StorageModel
import Synchronization

/// Records that were read and opened a moment ago, so that a client's next request costs no reading and no deciphering.
///
/// A change by another process is noticed after `RecordCacheLimits.lifetime`; one by this process at once, when it says
/// so with `remove`.
final class RecordCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        let value: Value
        let readAt: Timestamp
    }

    private let entries = Mutex<[Key: Entry]>([:])

    /// The record, when it was read less than `lifetime` before `time`.
    func value(_ key: Key, at time: Timestamp) -> Value? {
        entries.withLock { entries in
            guard let entry = entries[key] else { return nil }
            guard (.zero..<RecordCacheLimits.lifetime).contains(time.duration(since: entry.readAt)) else {
                entries[key] = nil
                return nil
            }
            return entry.value
        }
    }

    func insert(_ value: Value, for key: Key, readAt time: Timestamp) {
        entries.withLock { entries in
            // A full cache starts again: what is in use is back within one request each.
            if entries.count >= RecordCacheLimits.capacity { entries.removeAll(keepingCapacity: true) }
            entries[key] = Entry(value: value, readAt: time)
        }
    }

    func remove(_ key: Key) {
        entries.withLock { $0[key] = nil }
    }
}

/// The bounds of every cache of records.
enum RecordCacheLimits {
    /// How long a record is believed.
    static let lifetime = Duration.seconds(3)
    /// Records kept at most: a few kilobytes each.
    static let capacity = 4096
}
