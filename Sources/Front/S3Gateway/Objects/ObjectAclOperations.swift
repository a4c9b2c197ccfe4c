import S3Protocol
import Uplink

/// Whose an object is and who may do what with it.
///
/// - Source: Amazon S3 API reference, "GetObjectAcl".
enum GetObjectAcl {
    static func run(_ call: S3Call) async throws -> S3Response {
        let found = try await ObjectLookUp.find(
            call.project, bucket: call.bucket, key: call.key, version: VersionName.parse(call.request.query["versionId"]))
        return .xml(try await ObjectList.of(found, call).xml())
    }
}

/// Says who may do what with an object.
///
/// - Source: Amazon S3 API reference, "PutObjectAcl".
enum PutObjectAcl {
    static func run(_ call: S3Call) async throws -> S3Response {
        let properties = try await call.properties()
        guard properties.ownership != .bucketOwnerEnforced else { throw S3Error(.accessControlListNotSupported) }
        let document = try await call.document()
        let version = try VersionName.parse(call.request.query["versionId"])
        let found = try await ObjectLookUp.find(call.project, bucket: call.bucket, key: call.key, version: version)
        let owner = try await ObjectList.of(found, call).owner
        let list = try await AccessControlRequest.list(
            document, call, owner: owner, bucketOwner: AccessOwner(call.owner))
        try BucketOpening.check(list, properties)
        if !list.isPrivate { try await BucketOpening.keepGrant(call) }
        let isPlain = list == .owned(by: AccessOwner(call.owner))
        let text = isPlain ? nil : String(decoding: list.xml(), as: UTF8.self)
        await call.stored(try await ObjectFactsChange.run(call) { $0.accessControl = text }, .objectAclPut)
        return S3Response()
    }
}

/// The list of a stored object.
enum ObjectList {
    /// The bucket owner's alone when nothing was kept with the object, or when lists do not count in its bucket.
    static func of(_ found: FoundObject, _ call: S3Call) async throws -> AccessControlPolicy {
        let owned = AccessControlPolicy.owned(by: AccessOwner(call.owner))
        guard let text = found.facts.accessControl, try await call.properties().ownership != .bucketOwnerEnforced else {
            return owned
        }
        return try AccessControlPolicy(xml: [UInt8](text.utf8))
    }
}
