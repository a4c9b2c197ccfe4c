/// A dictionary that can take back its last changes: an operation that fails halfway leaves no trace, and one that
/// succeeds costs what it changes, not what there is.
package struct Table<Key: Hashable & Sendable, Value: Hashable & Sendable>: Hashable, Sendable {
    /// What holds now.
    package private(set) var values: [Key: Value] = [:]
    /// Former values, in the order of the changes.
    private var former: [Former] = []

    private struct Former: Hashable, Sendable {
        let key: Key
        let value: Value?
    }

    /// The value of a key; nil when there is none.
    package internal(set) subscript(key: Key) -> Value? {
        get { values[key] }
        set {
            former.append(Former(key: key, value: values[key]))
            values[key] = newValue
        }
    }

    /// Makes the changes since the last call final.
    mutating func keep() { former.removeAll(keepingCapacity: former.count < 1024) }

    /// Takes back the changes since the last `keep`.
    mutating func takeBack() {
        for change in former.reversed() { values[change.key] = change.value }
        former.removeAll()
    }
}
