import GatewayRecords
import S3Protocol
import Uplink

/// One question about one bucket, weighed.
struct AccessJudge {
    let question: AccessQuestion
    let access: OperationAccess
    let place: BucketPlace
    let isOwner: Bool
    let properties: BucketProperties
    let projects: ProjectSource

    /// Policies are only ever changed by who can, so that an owner cannot lock himself out.
    private static let ownersAlone: Set<S3Operation> = [.getBucketPolicy, .putBucketPolicy, .deleteBucketPolicy]

    /// Whether the caller is let in.
    func allows() async throws -> Bool {
        if isOwner, properties.policy == nil, !needsObjectList { return true }
        if isOwner, Self.ownersAlone.contains(question.operation) { return true }
        let object = try await objectInQuestion()
        switch policyVerdict(access.action(version: question.versionID), key: question.key, object) {
        case .deny: return false
        case .allow where isOwner || !isCutOff: return true
        case .allow, .none: break
        }
        return isOwner ? ownerAllows(object) : listAllows(object)
    }

    /// Whether the caller may list what is under a key: then he may know that nothing is there.
    func mayList(_ key: String) -> Bool {
        var context = PolicyContext(question, properties: properties, object: nil).values
        context["s3:prefix"] = [key]
        let request = PolicyRequest(
            principal: question.caller.account?.id, action: "s3:ListBucket",
            resource: "arn:aws:s3:::\(place.bucket)", context: context)
        switch properties.policy?.verdict(for: request) ?? .none {
        case .deny: return false
        case .allow where !isCutOff: return true
        case .allow, .none: return isOwner || bucketList.allows(.read, to: question.caller.account?.id)
        }
    }

    /// Whether a public policy lets in nobody but the owner.
    private var isCutOff: Bool { properties.publicAccess.restrictPublicBuckets && properties.policy?.isPublic == true }

    private func policyVerdict(_ action: String, key: String?, _ object: ObjectInQuestion?) -> PolicyVerdict {
        guard let policy = properties.policy else { return .none }
        let resource = access.subject == .object ? "\(place.bucket)/\(key ?? "")" : place.bucket
        return policy.verdict(
            for: PolicyRequest(
                principal: question.caller.account?.id, action: action, resource: "arn:aws:s3:::\(resource)",
                context: PolicyContext(question, properties: properties, object: object).values))
    }

    private var bucketList: AccessControlPolicy { properties.countingList(owner: place.owner) }

    private func listAllows(_ object: ObjectInQuestion?) -> Bool {
        let caller = question.caller.account?.id
        switch access.list {
        case .none: return false
        case .bucket(let permission): return bucketList.allows(permission, to: caller)
        case .object(let permission):
            guard let object else { return mayList(question.key ?? "") }
            guard let list = countingList(object) else { return false }
            return list.allows(permission, to: caller)
        }
    }

    /// An object's owner alone reads and changes its list, even in somebody else's bucket.
    private func ownerAllows(_ object: ObjectInQuestion?) -> Bool {
        guard needsObjectList, case .object(let permission) = access.list, let object else { return true }
        guard let list = countingList(object), list.owner.id != place.owner else { return true }
        return list.allows(permission, to: place.owner)
    }

    private func countingList(_ object: ObjectInQuestion) -> AccessControlPolicy? {
        guard properties.ownership != .bucketOwnerEnforced, let list = object.accessControl else { return nil }
        return properties.publicAccess.ignorePublicAcls ? list.withoutPublicGrants : list
    }

    private var needsObjectList: Bool {
        guard case .object(let permission) = access.list else { return false }
        return !isOwner || permission == .readACP || permission == .writeACP
    }

    /// The object that the question is about, where its list or its tags matter; nil when it is not there.
    private func objectInQuestion() async throws -> ObjectInQuestion? {
        guard access.subject == .object, let key = question.key else { return nil }
        let isWanted = needsObjectList || properties.policy?.needsExistingObjectTags == true
        guard isWanted else { return nil }
        let project = isOwner ? try await projects.own(question.caller) : try await projects.delegated(place)
        return try await ObjectInQuestion.find(key, question.versionID, bucket: place.bucket, in: project)
    }
}
