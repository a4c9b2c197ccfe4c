internal import Synchronization

/// Bytes that all connections of a server together may hold for messages not yet taken by their handlers.
final class BufferBudget: Sendable {
    private let limit: Int
    private let used = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// Counts bytes that are held now. They are held already: whoever took too much must give its connection up.
    func take(_ count: Int) {
        used.wrappingAdd(count, ordering: .relaxed)
    }

    /// Counts bytes that are held no longer.
    func release(_ count: Int) {
        used.wrappingSubtract(count, ordering: .relaxed)
    }

    /// Whether more is held than allowed.
    var isExceeded: Bool { used.load(ordering: .relaxed) > limit }

    /// How much is held.
    var usedByteCount: Int { used.load(ordering: .relaxed) }
}
