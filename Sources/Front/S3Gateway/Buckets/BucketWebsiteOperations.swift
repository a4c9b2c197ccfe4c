import GatewayRecords
import S3Protocol

/// How a bucket is served as a website.
///
/// - Source: Amazon S3 API reference, "GetBucketWebsite".
enum GetBucketWebsite {
    static func run(_ call: S3Call) async throws -> S3Response {
        try await BucketDocuments.get(.website, call, missing: .noSuchWebsiteConfiguration)
    }
}

/// Serves a bucket as a website: what strangers may read in it.
///
/// - Source: Amazon S3 API reference, "PutBucketWebsite".
enum PutBucketWebsite {
    static func run(_ call: S3Call) async throws -> S3Response {
        let website = try WebsiteConfiguration(xml: await call.requiredDocument())
        try await call.checkBucket()
        try await BucketOpening.keepGrant(call)
        try await call.set(website.xml(), .website)
        return S3Response()
    }
}

/// Serves it no longer.
///
/// - Source: Amazon S3 API reference, "DeleteBucketWebsite".
enum DeleteBucketWebsite {
    static func run(_ call: S3Call) async throws -> S3Response { try await BucketDocuments.delete(.website, call) }
}
