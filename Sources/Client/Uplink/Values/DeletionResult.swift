/// What became of one object of a bulk deletion.
public struct DeletionResult: Hashable, Sendable {
    /// What became of it.
    public enum Outcome: Hashable, Sendable {
        /// It is gone, or a delete marker hides it.
        case deleted
        /// There was none; nothing is left to do.
        case notFound
        /// The grant does not allow it.
        case permissionDenied
        /// Retention or legal hold protects it.
        case locked
        /// The satellite failed; trying again may help.
        case failed
    }

    /// What was to be deleted.
    public let reference: ObjectReference
    /// What became of it.
    public let outcome: Outcome
    /// The version that is gone.
    public let removedVersion: ObjectVersion?
    /// The delete marker that was made.
    public let markerVersion: ObjectVersion?
    /// Whether the version that is gone was a delete marker.
    public var removedDeleteMarker = false
    /// Whether the version that is gone was one without versions; see ``Object/isNullVersion``.
    public var removedNullVersion = false
    /// Whether the delete marker that was made is one without versions; see ``Object/isNullVersion``.
    public var madeNullMarker = false

    /// A result.
    public init(
        reference: ObjectReference, outcome: Outcome, removedVersion: ObjectVersion? = nil,
        markerVersion: ObjectVersion? = nil
    ) {
        self.reference = reference
        self.outcome = outcome
        self.removedVersion = removedVersion
        self.markerVersion = markerVersion
    }
}
