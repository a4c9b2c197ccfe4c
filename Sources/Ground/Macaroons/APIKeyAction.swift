package import StorageModel

/// What a caller wants to do, as API keys see it; raw values are the protocol's numbers.
///
/// - Source: protocol document 1 §4.4.
package enum APIKeyOperation: Int, CaseIterable, Sendable {
    case read = 1
    case write
    case list
    case delete
    case projectInfo
    /// The one lock permission older keys know.
    case lock
    case putRetention
    case getRetention
    case putLegalHold
    case getLegalHold
    case bypassGovernanceRetention
    case putBucketObjectLockConfiguration
    case getBucketObjectLockConfiguration
    case putBucketNotificationConfiguration
    case getBucketNotificationConfiguration
}

/// One thing done at one place at one time.
package struct APIKeyAction: Hashable, Sendable {
    /// What is done.
    package var operation: APIKeyOperation
    /// The bucket's name; empty when none is meant.
    package var bucket: [UInt8]
    /// The encrypted object key or prefix; empty when the bucket itself is meant.
    package var encryptedPath: [UInt8]
    /// When.
    package var time: Timestamp

    /// An action.
    package init(
        _ operation: APIKeyOperation, bucket: [UInt8] = [], encryptedPath: [UInt8] = [], time: Timestamp
    ) {
        self.operation = operation
        self.bucket = bucket
        self.encryptedPath = encryptedPath
        self.time = time
    }
}

/// What a satellite lets an API key take part in at all: the "version" kept beside its secret.
///
/// - Source: protocol document 1 §4.4.
package struct APIKeyFeatures: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Object lock: operations 6 to 13.
    package static let objectLock = APIKeyFeatures(rawValue: 1)
    /// Restricted keys must be registered before use. Not enforced here: a satellite that wants it checks the tails.
    package static let auditable = APIKeyFeatures(rawValue: 2)
    /// Bucket notifications: operations 14 and 15.
    package static let eventing = APIKeyFeatures(rawValue: 4)

    /// Whether a key with these features may attempt the operation.
    package func include(_ operation: APIKeyOperation) -> Bool {
        switch operation {
        case .read, .write, .list, .delete, .projectInfo: true
        case .lock, .putRetention, .getRetention, .putLegalHold, .getLegalHold, .bypassGovernanceRetention,
            .putBucketObjectLockConfiguration, .getBucketObjectLockConfiguration:
            contains(.objectLock)
        case .putBucketNotificationConfiguration, .getBucketNotificationConfiguration: contains(.eventing)
        }
    }
}
