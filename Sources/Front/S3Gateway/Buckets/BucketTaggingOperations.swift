import GatewayRecords
import HTTPTypes
import S3Protocol

/// The labels of a bucket.
///
/// - Source: Amazon S3 API reference, "GetBucketTagging".
enum GetBucketTagging {
    static func run(_ call: S3Call) async throws -> S3Response {
        try await BucketDocuments.get(.tagging, call, missing: .noSuchTagSet)
    }
}

/// Labels a bucket.
///
/// - Source: Amazon S3 API reference, "PutBucketTagging".
enum PutBucketTagging {
    static func run(_ call: S3Call) async throws -> S3Response {
        let tags = try TagSet(xml: await call.requiredDocument(), maximum: TagSet.maximumOfBucket)
        var response = try await BucketDocuments.put(tags.xml(), .tagging, call)
        response.status = .noContent
        return response
    }
}

/// Takes the labels off.
///
/// - Source: Amazon S3 API reference, "DeleteBucketTagging".
enum DeleteBucketTagging {
    static func run(_ call: S3Call) async throws -> S3Response { try await BucketDocuments.delete(.tagging, call) }
}
