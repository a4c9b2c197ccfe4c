import GatewayRecords
import S3Protocol

/// How a bucket says its objects are encrypted.
///
/// - Source: Amazon S3 API reference, "GetBucketEncryption".
enum GetBucketEncryption {
    static func run(_ call: S3Call) async throws -> S3Response {
        try await BucketDocuments.get(
            .encryption, call, missing: .serverSideEncryptionConfigurationNotFoundError)
    }
}

/// Says that they are.
///
/// - Source: Amazon S3 API reference, "PutBucketEncryption".
enum PutBucketEncryption {
    static func run(_ call: S3Call) async throws -> S3Response {
        let encryption = try BucketEncryption(xml: await call.requiredDocument())
        return try await BucketDocuments.put(encryption.xml(), .encryption, call)
    }
}

/// Says nothing of it. They are encrypted all the same.
///
/// - Source: Amazon S3 API reference, "DeleteBucketEncryption".
enum DeleteBucketEncryption {
    static func run(_ call: S3Call) async throws -> S3Response { try await BucketDocuments.delete(.encryption, call) }
}
