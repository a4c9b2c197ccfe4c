import HTTPTypes
import S3Protocol
import StorageModel
import Uplink

/// One key or version that is to be deleted, and under which conditions.
struct ObjectRemoval: Sendable {
    let key: String
    let version: VersionName?
    /// Only an object with one of these tags.
    var ifMatch: EntityTagList?
    /// Only an object that was stored at this time, to the second.
    var ifModified: Timestamp?
    /// Only an object of so many bytes.
    var ifSize: Int64?

    /// Whether anything is asked of what is there.
    var isConditional: Bool { ifMatch != nil || ifModified != nil || ifSize != nil }

    /// Compares with what is there.
    ///
    /// - Returns: whether there is something to delete; a condition on nothing is not refused, and does nothing.
    /// - Throws: `PreconditionFailed`.
    func check(_ project: Project, bucket: String) async throws -> Bool {
        guard isConditional else { return true }
        guard let found = try await existing(project, bucket: bucket) else { return false }
        var isMet = true
        if let ifMatch { isMet = isMet && ifMatch.contains(found.object.isDeleteMarker ? Self.noTag : found.tag) }
        if let ifModified { isMet = isMet && ifModified.seconds == found.modified.seconds }
        if let ifSize { isMet = isMet && ifSize == found.object.size }
        guard isMet else { throw S3Error(.preconditionFailed) }
        return true
    }

    /// What a delete marker has for a tag.
    private static let noTag = EntityTag(text: "")

    /// The version in question or the newest, a delete marker perhaps.
    private func existing(_ project: Project, bucket: String) async throws -> FoundObject? {
        let versions = try await project.versions(bucket: bucket, key: key, limit: version == nil ? 1 : 0)
        let listed = versions.first { listed in
            switch version {
            case nil: true
            case .null: listed.isNullVersion
            case .id(let id): listed.version == id
            }
        }
        guard let listed, !listed.isDeleteMarker, ifMatch != nil else { return listed.map(FoundObject.init) }
        do {
            return FoundObject(try await project.object(bucket: bucket, key: key, version: listed.version))
        } catch let error as UplinkError where error.code == .objectNotFound {
            return nil
        }
    }
}

/// What became of an ``ObjectRemoval``.
enum RemovalOutcome: Sendable {
    /// Gone or never there: the version or marker that was removed, the marker that was made.
    case removed(DeletionResult?)
    case refused(S3Error)
}

extension ObjectRemoval {
    /// Deletes, many keys in few calls; each fares on its own.
    ///
    /// - Returns: the outcomes in the order of `removals`.
    /// - Throws: `UplinkError` when a call as a whole fails, for want of the bucket for instance.
    static func perform(
        _ removals: [ObjectRemoval], in bucket: String, bypassesGovernance: Bool, _ call: S3Call
    ) async throws -> [RemovalOutcome] {
        try await call.gateway.changing(bucket, removals.map(\.key)) {
            var outcomes: [RemovalOutcome?] = []
            var references: [(index: Int, reference: ObjectReference)] = []
            for (index, removal) in removals.enumerated() {
                do {
                    guard try await removal.check(call.project, bucket: bucket) else {
                        outcomes.append(.removed(nil))
                        continue
                    }
                    let id = try await ObjectLookUp.id(
                        of: removal.version, call.project, bucket: bucket, key: removal.key)
                    references.append((index, ObjectReference(key: removal.key, version: id)))
                    outcomes.append(nil)
                } catch let error as S3Error {
                    // A version `null` that is not there is as good as deleted.
                    outcomes.append(error.code == .noSuchVersion ? .removed(nil) : .refused(error))
                }
            }
            let results = try await call.project.deleteObjects(
                bucket: bucket, references.map(\.reference), bypassesGovernance: bypassesGovernance)
            for (place, result) in zip(references, results) { outcomes[place.index] = RemovalOutcome(result) }
            return outcomes.map { $0 ?? .removed(nil) }
        }
    }
}

extension RemovalOutcome {
    init(_ result: DeletionResult) {
        self =
            switch result.outcome {
            case .deleted, .notFound: .removed(result)
            case .permissionDenied: .refused(S3Error(.accessDenied))
            case .locked:
                .refused(S3Error(.accessDenied, "Access Denied because object protected by object lock."))
            case .failed: .refused(S3Error(.internalError))
            }
    }
}

extension DeletionResult {
    /// How S3 calls the delete marker that was made; nil when none was.
    var markerText: String? { madeNullMarker ? "null" : markerVersion?.description }

    /// How S3 calls the version that is gone; nil when none is.
    var removedText: String? { removedNullVersion ? "null" : removedVersion?.description }
}
