import S3Protocol

/// Who pays for requests: the bucket's owner.
///
/// - Source: Amazon S3 API reference, "GetBucketRequestPayment".
enum GetBucketRequestPayment {
    static func run(_ call: S3Call) async throws -> S3Response {
        try await call.checkBucket()
        return .xml(RequestPayment.xml())
    }
}

/// Says who pays: it cannot be anybody else.
///
/// - Source: Amazon S3 API reference, "PutBucketRequestPayment".
enum PutBucketRequestPayment {
    static func run(_ call: S3Call) async throws -> S3Response {
        try RequestPayment.validate(xml: await call.requiredDocument())
        try await call.checkBucket()
        return S3Response()
    }
}
