import GatewayRecords
import S3Protocol

/// Which web pages may speak to a bucket.
///
/// - Source: Amazon S3 API reference, "GetBucketCors".
enum GetBucketCors {
    static func run(_ call: S3Call) async throws -> S3Response {
        try await BucketDocuments.get(.cors, call, missing: .noSuchCORSConfiguration)
    }
}

/// Says which may.
///
/// - Source: Amazon S3 API reference, "PutBucketCors".
enum PutBucketCors {
    static func run(_ call: S3Call) async throws -> S3Response {
        let configuration = try CORSConfiguration(xml: await call.requiredDocument())
        return try await BucketDocuments.put(configuration.xml(), .cors, call)
    }
}

/// Lets none.
///
/// - Source: Amazon S3 API reference, "DeleteBucketCors".
enum DeleteBucketCors {
    static func run(_ call: S3Call) async throws -> S3Response { try await BucketDocuments.delete(.cors, call) }
}
