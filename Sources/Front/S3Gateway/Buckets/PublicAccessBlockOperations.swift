import GatewayRecords
import S3Protocol

/// What a bucket's owner forbade himself to open.
///
/// - Source: Amazon S3 API reference, "GetPublicAccessBlock".
enum GetPublicAccessBlock {
    static func run(_ call: S3Call) async throws -> S3Response {
        try await BucketDocuments.get(.publicAccessBlock, call, missing: .noSuchPublicAccessBlockConfiguration)
    }
}

/// Forbids to open a bucket to strangers.
///
/// - Source: Amazon S3 API reference, "PutPublicAccessBlock".
enum PutPublicAccessBlock {
    static func run(_ call: S3Call) async throws -> S3Response {
        let block = try PublicAccessBlock(xml: await call.requiredDocument())
        return try await BucketDocuments.put(block.xml(), .publicAccessBlock, call)
    }
}

/// Takes that back.
///
/// - Source: Amazon S3 API reference, "DeletePublicAccessBlock".
enum DeletePublicAccessBlock {
    static func run(_ call: S3Call) async throws -> S3Response {
        try await BucketDocuments.delete(.publicAccessBlock, call)
    }
}
