import StorageModel

/// Whether a satellite may hold a missing piece against its node: not if it has forgotten what it told the node.
///
/// A database restored from a backup knows segments that were deleted or repaired since. The nodes threw their pieces
/// away as they were told, and nothing in the database shows it. For a time, missing pieces of segments that are older
/// than the restore leave the metadata and count against nobody.
struct AuditAmnesty: Hashable, Sendable {
    /// When the satellite last noted that it runs.
    static let lastSeen = "last_seen"
    /// The end of the last gap.
    static let restored = "restored"

    /// Segments committed before this are forgiven.
    let restoredAt: Timestamp
    /// From here on nothing is.
    let end: Timestamp

    init(restoredAt: Timestamp, grace: Duration) {
        self.restoredAt = restoredAt
        end = restoredAt.advanced(by: grace)
    }

    /// Whether a missing piece of a segment counts against nobody.
    func forgives(createdAt: Timestamp, now: Timestamp) -> Bool { now < end && createdAt < restoredAt }
}
