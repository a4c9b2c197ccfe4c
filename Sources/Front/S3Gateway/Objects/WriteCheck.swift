package import S3Protocol
package import Uplink

/// Compares a write's conditions with what is there.
package enum WriteCheck {
    /// Looks the key up and checks.
    ///
    /// Whoever commits afterwards holds the key in ``KeyLocks`` meanwhile; an earlier check outside only saves sending
    /// what would be refused.
    /// - Throws: `PreconditionFailed`, `NoSuchKey`.
    package static func verify(
        _ conditions: WriteConditions, _ project: Project, bucket: String, key: String
    ) async throws {
        guard !conditions.isEmpty else { return }
        var existing: EntityTag?
        do {
            existing = FoundObject(try await project.object(bucket: bucket, key: key)).tag
        } catch let error as UplinkError where error.code == .objectNotFound {
            existing = nil
        }
        try conditions.check(existing: existing)
    }

    /// Whether the satellite itself is to refuse replacing an object.
    package static func overwrites(_ conditions: WriteConditions) -> Bool { conditions.ifNoneMatch != .any }
}
