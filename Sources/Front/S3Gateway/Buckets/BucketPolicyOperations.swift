import GatewayRecords
import HTTPTypes
import NIOCore
import S3Protocol

/// The policy of a bucket, as it was put.
///
/// - Source: Amazon S3 API reference, "GetBucketPolicy".
enum GetBucketPolicy {
    static func run(_ call: S3Call) async throws -> S3Response {
        guard let policy = try await call.properties().documents[.policy] else {
            try await call.checkBucket()
            throw S3Error(.noSuchBucketPolicy, details: [.init("BucketName", try call.bucket)])
        }
        return S3Response(headers: [.contentType: "application/json"], body: .bytes(ByteBuffer(bytes: policy)))
    }
}

/// Lets others in by a policy, or keeps them out.
///
/// - Source: Amazon S3 API reference, "PutBucketPolicy".
enum PutBucketPolicy {
    static func run(_ call: S3Call) async throws -> S3Response {
        let document = try await call.document()
        let policy = try BucketPolicy(json: document, bucket: call.bucket)
        guard try await !call.properties().publicAccess.blockPublicPolicy || !policy.isPublic else {
            throw S3Error(.accessDenied)
        }
        try await call.checkBucket()
        try await BucketOpening.keepGrant(call)
        try await call.set(document, .policy)
        return S3Response(status: .noContent)
    }
}

/// Removes the policy of a bucket.
///
/// - Source: Amazon S3 API reference, "DeleteBucketPolicy".
enum DeleteBucketPolicy {
    static func run(_ call: S3Call) async throws -> S3Response { try await BucketDocuments.delete(.policy, call) }
}

/// Whether strangers are let into a bucket, by its policy or by its list.
///
/// - Source: Amazon S3 API reference, "GetBucketPolicyStatus".
enum GetBucketPolicyStatus {
    static func run(_ call: S3Call) async throws -> S3Response {
        let properties = try await call.properties()
        if properties.documents.isEmpty { try await call.checkBucket() }
        let isPublic =
            properties.policy?.isPublic == true || properties.countingList(owner: call.owner.id).isPublic
        return .xml(XMLWriter.document("PolicyStatus") { $0.flag("IsPublic", isPublic) })
    }
}
