import S3Protocol
import Uplink

/// Whether a bucket keeps what is overwritten and deleted.
///
/// - Source: Amazon S3 API reference, "GetBucketVersioning".
enum GetBucketVersioning {
    static func run(_ call: S3Call) async throws -> S3Response {
        switch try await call.project.versioning(ofBucket: call.bucket) {
        case .enabled: .xml(VersioningConfiguration.xml(.enabled))
        case .suspended: .xml(VersioningConfiguration.xml(.suspended))
        case .unsupported, .unversioned: .xml(VersioningConfiguration.xml(nil))
        }
    }
}

/// Makes a bucket keep what is overwritten and deleted, or stop it.
///
/// - Source: Amazon S3 API reference, "PutBucketVersioning".
enum PutBucketVersioning {
    static func run(_ call: S3Call) async throws -> S3Response {
        let wanted = try VersioningConfiguration(xml: await call.requiredDocument())
        let bucket = try call.bucket
        switch (wanted, try await call.project.versioning(ofBucket: bucket)) {
        case (.enabled, .enabled), (.suspended, .suspended): break
        case (.enabled, _): try await call.project.setVersioning(true, ofBucket: bucket)
        case (.suspended, let versioning):
            guard try await call.project.objectLock(ofBucket: bucket) == nil else {
                throw S3Error(
                    .invalidBucketState,
                    "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.")
            }
            // A satellite suspends only what was enabled.
            if versioning != .enabled { try await call.project.setVersioning(true, ofBucket: bucket) }
            try await call.project.setVersioning(false, ofBucket: bucket)
        }
        return S3Response()
    }
}
