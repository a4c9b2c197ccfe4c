/// What the metabase refuses. Failures of the database itself are `DatabaseError`.
///
/// - Source: protocol document 2 §3.3–3.13; which status a client sees is decided by the endpoint.
package enum MetabaseError: Error, Hashable, Sendable {
    /// No active bucket of this name in the project.
    case bucketNotFound(String)
    /// The project has an active bucket of this name.
    case bucketExists
    /// The bucket holds unexpired objects, markers or uploads.
    case bucketNotEmpty
    /// The project has this many buckets, which is all it may have.
    case bucketLimitReached(Int)
    /// Suspending a bucket that never kept versions.
    case versioningNeverEnabled
    /// A bucket with Object Lock keeps its versioning.
    case versioningRequiredByLock
    /// Object Lock needs versioning first.
    case lockRequiresVersioning
    /// A lock setting for an object in a bucket without Object Lock.
    case bucketLockNotEnabled
    /// An expiring object cannot be locked.
    case expiryWithLock
    /// An expiring object cannot go into a bucket that locks by default.
    case expiryWithDefaultRetention
    /// No such visible object (or version), or the newest version is a delete marker.
    case objectNotFound
    /// The exact version asked for is a delete marker.
    case methodNotAllowed
    /// Retention or legal hold protects the version.
    case objectLocked
    /// A lock setting for an object that expires.
    case objectStateInvalid
    /// `if-none-match` and the newest version is an object.
    case objectExists
    /// An object would be replaced and the caller may not delete it.
    case overwriteForbidden
    /// The upload was aborted, committed, swept, or never begun.
    case pendingObjectMissing
    /// No segment at that position.
    case segmentNotFound
    /// A part other than the last is smaller than `minimum` bytes.
    case partTooSmall(part: Int32, size: Int64, minimum: Int64)
    /// More distinct parts than this.
    case tooManyParts(Int)
    /// More segments than can be copied or moved at once.
    case tooManySegments
    /// Copy or move got another number of segment keys.
    case segmentKeyCountMismatch(got: Int, expected: Int)
    /// Copy or move got keys for other positions.
    case segmentKeyPositionMismatch
    /// A new metadata key is needed exactly when the object has metadata, ETag or checksum.
    case metadataKeyMismatch
    /// The source was replaced or removed between begin and finish.
    case sourceChanged
    /// Source and destination are stored under different placements.
    case placementMismatch
    /// A download's range starts behind its limit.
    case invalidRange(start: Int64, limit: Int64)
}
