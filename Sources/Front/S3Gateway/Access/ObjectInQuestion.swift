import S3Protocol
import Uplink

/// What decides about an object: its own list and its tags.
struct ObjectInQuestion: Sendable {
    /// Who may do what with it; nil: its bucket's owner everything, others nothing.
    let accessControl: AccessControlPolicy?
    let tags: TagSet

    /// Looks an object up.
    ///
    /// - Returns: nil when it is not there.
    static func find(
        _ key: String, _ versionID: String?, bucket: String, in project: Project
    ) async throws -> ObjectInQuestion? {
        do {
            guard let object = try await object(key, versionID, bucket: bucket, in: project) else { return nil }
            return try ObjectInQuestion(ObjectFacts(metadata: object.metadata))
        } catch let error as UplinkError where [.objectNotFound, .bucketNotFound].contains(error.code) {
            return nil
        }
    }

    private static func object(
        _ key: String, _ versionID: String?, bucket: String, in project: Project
    ) async throws -> Object? {
        guard let versionID else { return try await project.object(bucket: bucket, key: key) }
        let null = versionID == "null" ? try await project.versions(bucket: bucket, key: key) : []
        // What is no version's name belongs to no version.
        guard let version = null.first(where: \.isNullVersion)?.version ?? ObjectVersion(versionID) else { return nil }
        return try await project.object(bucket: bucket, key: key, version: version)
    }

    init(_ facts: ObjectFacts) throws {
        accessControl = try facts.accessControl.map { try AccessControlPolicy(xml: [UInt8]($0.utf8)) }
        tags = facts.tags
    }
}
