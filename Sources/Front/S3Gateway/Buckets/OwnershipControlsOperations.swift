import GatewayRecords
import S3Protocol

/// Whose objects are that strangers put into a bucket.
///
/// - Source: Amazon S3 API reference, "GetBucketOwnershipControls".
enum GetBucketOwnershipControls {
    static func run(_ call: S3Call) async throws -> S3Response {
        try await BucketDocuments.get(.ownershipControls, call, missing: .ownershipControlsNotFoundError)
    }
}

/// Says whose they are.
///
/// - Source: Amazon S3 API reference, "PutBucketOwnershipControls".
enum PutBucketOwnershipControls {
    static func run(_ call: S3Call) async throws -> S3Response {
        let ownership = try ObjectOwnership(xml: await call.requiredDocument())
        let isPrivate = try await call.properties().accessControl?.isPrivate ?? true
        guard ownership != .bucketOwnerEnforced || isPrivate else {
            throw S3Error(.invalidBucketAclWithObjectOwnership)
        }
        return try await BucketDocuments.put(ownership.xml(), .ownershipControls, call)
    }
}

/// Leaves it open again.
///
/// - Source: Amazon S3 API reference, "DeleteBucketOwnershipControls".
enum DeleteBucketOwnershipControls {
    static func run(_ call: S3Call) async throws -> S3Response {
        try await BucketDocuments.delete(.ownershipControls, call)
    }
}
