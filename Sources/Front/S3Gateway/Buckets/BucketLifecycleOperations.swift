import GatewayRecords
import S3Protocol
import StorageModel

/// What becomes of a bucket's objects by itself.
///
/// - Source: Amazon S3 API reference, "GetBucketLifecycleConfiguration".
enum GetBucketLifecycle {
    static func run(_ call: S3Call) async throws -> S3Response {
        try await BucketDocuments.get(.lifecycle, call, missing: .noSuchLifecycleConfiguration)
    }
}

/// Says what becomes of them. The gateway does it with the owner's grant, which it keeps for that.
///
/// - Source: Amazon S3 API reference, "PutBucketLifecycleConfiguration".
enum PutBucketLifecycle {
    static func run(_ call: S3Call) async throws -> S3Response {
        let random = call.gateway.random
        let lifecycle = try LifecycleConfiguration(xml: await call.requiredDocument()) {
            Hexadecimal.encode(random.bytes(count: 16))
        }
        try await call.checkBucket()
        try await BucketOpening.keepGrant(call)
        try await call.set(lifecycle.xml(), .lifecycle)
        return S3Response()
    }
}

/// Leaves them alone.
///
/// - Source: Amazon S3 API reference, "DeleteBucketLifecycle".
enum DeleteBucketLifecycle {
    static func run(_ call: S3Call) async throws -> S3Response { try await BucketDocuments.delete(.lifecycle, call) }
}
