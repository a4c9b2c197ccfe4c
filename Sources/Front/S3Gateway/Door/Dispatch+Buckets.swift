import S3Protocol

extension Dispatch {
    /// Operations on buckets.
    ///
    /// - Returns: nil for any other.
    static func bucket(_ call: S3Call) async throws -> S3Response? {
        switch call.operation {
        case .createBucket: try await CreateBucket.run(call)
        case .deleteBucket: try await DeleteBucket.run(call)
        case .headBucket: try await HeadBucket.run(call)
        case .getBucketLocation: try await GetBucketLocation.run(call)
        case .getBucketVersioning: try await GetBucketVersioning.run(call)
        case .putBucketVersioning: try await PutBucketVersioning.run(call)
        case .getObjectLockConfiguration: try await GetObjectLockConfiguration.run(call)
        case .putObjectLockConfiguration: try await PutObjectLockConfiguration.run(call)
        default: nil
        }
    }

    /// Operations on documents about buckets, and on access control lists of objects.
    ///
    /// - Returns: nil for any other.
    static func document(_ call: S3Call) async throws -> S3Response? {
        switch call.operation {
        case .getBucketPolicy: try await GetBucketPolicy.run(call)
        case .putBucketPolicy: try await PutBucketPolicy.run(call)
        case .deleteBucketPolicy: try await DeleteBucketPolicy.run(call)
        case .getBucketPolicyStatus: try await GetBucketPolicyStatus.run(call)
        case .getPublicAccessBlock: try await GetPublicAccessBlock.run(call)
        case .putPublicAccessBlock: try await PutPublicAccessBlock.run(call)
        case .deletePublicAccessBlock: try await DeletePublicAccessBlock.run(call)
        case .getBucketAcl: try await GetBucketAcl.run(call)
        case .putBucketAcl: try await PutBucketAcl.run(call)
        case .getObjectAcl: try await GetObjectAcl.run(call)
        case .putObjectAcl: try await PutObjectAcl.run(call)
        case .getBucketOwnershipControls: try await GetBucketOwnershipControls.run(call)
        case .putBucketOwnershipControls: try await PutBucketOwnershipControls.run(call)
        case .deleteBucketOwnershipControls: try await DeleteBucketOwnershipControls.run(call)
        case .getBucketCors: try await GetBucketCors.run(call)
        case .putBucketCors: try await PutBucketCors.run(call)
        case .deleteBucketCors: try await DeleteBucketCors.run(call)
        case .getBucketLifecycle: try await GetBucketLifecycle.run(call)
        case .putBucketLifecycle: try await PutBucketLifecycle.run(call)
        case .deleteBucketLifecycle: try await DeleteBucketLifecycle.run(call)
        case .getBucketWebsite: try await GetBucketWebsite.run(call)
        case .putBucketWebsite: try await PutBucketWebsite.run(call)
        case .deleteBucketWebsite: try await DeleteBucketWebsite.run(call)
        case .getBucketNotification: try await GetBucketNotification.run(call)
        case .putBucketNotification: try await PutBucketNotification.run(call)
        case .getBucketTagging: try await GetBucketTagging.run(call)
        case .putBucketTagging: try await PutBucketTagging.run(call)
        case .deleteBucketTagging: try await DeleteBucketTagging.run(call)
        case .getBucketEncryption: try await GetBucketEncryption.run(call)
        case .putBucketEncryption: try await PutBucketEncryption.run(call)
        case .deleteBucketEncryption: try await DeleteBucketEncryption.run(call)
        case .getBucketRequestPayment: try await GetBucketRequestPayment.run(call)
        case .putBucketRequestPayment: try await PutBucketRequestPayment.run(call)
        default: nil
        }
    }
}
