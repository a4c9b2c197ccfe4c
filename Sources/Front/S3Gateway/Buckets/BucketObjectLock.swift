import S3Protocol
import Uplink

/// How objects of a bucket are locked.
///
/// - Source: Amazon S3 API reference, "GetObjectLockConfiguration".
enum GetObjectLockConfiguration {
    static func run(_ call: S3Call) async throws -> S3Response {
        guard let lock = try await call.project.objectLock(ofBucket: call.bucket) else {
            throw S3Error(.objectLockConfigurationNotFoundError)
        }
        return .xml(ObjectLockConfiguration(lock).xml())
    }
}

/// Switches the object lock of a bucket on, or changes for how long new objects are locked.
///
/// - Source: Amazon S3 API reference, "PutObjectLockConfiguration".
enum PutObjectLockConfiguration {
    static func run(_ call: S3Call) async throws -> S3Response {
        let configuration = try ObjectLockConfiguration(xml: await call.requiredDocument())
        let bucket = try call.bucket
        guard try await call.project.versioning(ofBucket: bucket) == .enabled else {
            throw S3Error(.invalidBucketState, "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
        }
        try await call.project.setObjectLock(configuration.lock, ofBucket: bucket)
        return S3Response()
    }
}

extension ObjectLockConfiguration {
    fileprivate init(_ lock: BucketObjectLock) {
        guard let retention = lock.defaultRetention else {
            self.init(defaultRetention: nil)
            return
        }
        let period: Period =
            switch retention.period {
            case .days(let days): .days(days)
            case .years(let years): .years(years)
            }
        self.init(
            defaultRetention: .init(mode: retention.mode == .compliance ? .compliance : .governance, period: period))
    }

    fileprivate var lock: BucketObjectLock {
        var lock = BucketObjectLock()
        guard let retention = defaultRetention else { return lock }
        let mode: Uplink.Retention.Mode = retention.mode == .compliance ? .compliance : .governance
        switch retention.period {
        case .days(let days): lock.defaultRetention = .init(mode: mode, period: .days(days))
        case .years(let years): lock.defaultRetention = .init(mode: mode, period: .years(years))
        }
        return lock
    }
}
