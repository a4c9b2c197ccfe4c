import Database
package import StorageModel

/// A segment that waits for repair.
package struct QueuedRepair: Sendable, Hashable {
    /// Which segment.
    package let place: SegmentPlace
    package let placement: Int32
    /// Days it is expected to live without repair: the fewer, the sooner it is repaired.
    package var survival: Double
    /// Healthy pieces when it was last looked at.
    package var healthyCount: Int
    /// Pieces that could be read then.
    package var retrievableCount: Int
    /// Pieces needed to read it.
    package let requiredCount: Int
    /// When it came into the queue, and when the checker last saw it; nil before it is stored.
    package var insertedAt: Timestamp?
    package var updatedAt: Timestamp?
    /// The last attempt that did not end well; nil for none.
    package var attemptedAt: Timestamp?
    package var attemptCount = 0
    /// What went wrong then.
    package var problem: String?

    /// A segment that is not in the queue yet.
    package init(
        place: SegmentPlace, placement: Int32, survival: Double, healthyCount: Int, retrievableCount: Int,
        requiredCount: Int
    ) {
        self.place = place
        self.placement = placement
        self.survival = survival
        self.healthyCount = healthyCount
        self.retrievableCount = retrievableCount
        self.requiredCount = requiredCount
    }

    /// Whether too few pieces could be read to restore it.
    package var isIrreparable: Bool { retrievableCount < requiredCount }
}

extension QueuedRepair {
    static let columns =
        "stream, position, placement, survival, healthy, retrievable, required, inserted_at, updated_at, attempted_at, "
        + "attempt_count, problem"

    init(_ row: SQLRow) throws {
        place = SegmentPlace(stream: try row.id(0), position: SegmentPosition(encoded: row.integer(1)))
        placement = Int32(truncatingIfNeeded: row.integer(2))
        survival = row.real(3)
        healthyCount = row.int(4)
        retrievableCount = row.int(5)
        requiredCount = row.int(6)
        insertedAt = row.timestamp(7)
        updatedAt = row.timestamp(8)
        attemptedAt = row.optionalTimestamp(9)
        attemptCount = row.int(10)
        problem = row.optionalText(11)
    }
}
