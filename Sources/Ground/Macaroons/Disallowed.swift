/// The operations a caveat forbids, one flag for each field of the caveat message.
///
/// - Source: protocol document 1 §4.3; a flag's bit is its field's number.
package struct Disallowed: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let reads = Disallowed(rawValue: 1 << 1)
    package static let writes = Disallowed(rawValue: 1 << 2)
    package static let lists = Disallowed(rawValue: 1 << 3)
    package static let deletes = Disallowed(rawValue: 1 << 4)
    package static let locks = Disallowed(rawValue: 1 << 5)
    package static let putRetention = Disallowed(rawValue: 1 << 6)
    package static let getRetention = Disallowed(rawValue: 1 << 7)
    package static let putLegalHold = Disallowed(rawValue: 1 << 8)
    package static let getLegalHold = Disallowed(rawValue: 1 << 9)
    package static let bypassGovernanceRetention = Disallowed(rawValue: 1 << 11)
    package static let putBucketObjectLockConfiguration = Disallowed(rawValue: 1 << 12)
    package static let getBucketObjectLockConfiguration = Disallowed(rawValue: 1 << 13)
    package static let putBucketNotificationConfiguration = Disallowed(rawValue: 1 << 14)
    package static let getBucketNotificationConfiguration = Disallowed(rawValue: 1 << 15)

    /// What a share forbids unless it says otherwise: everything beyond reading, writing, listing and deleting.
    package static let fineGrained: Disallowed = [
        .putRetention, .getRetention, .putLegalHold, .getLegalHold, .bypassGovernanceRetention,
        .putBucketObjectLockConfiguration, .getBucketObjectLockConfiguration,
        .putBucketNotificationConfiguration, .getBucketNotificationConfiguration,
    ]

    /// Whether the flags forbid an operation.
    package func forbids(_ operation: APIKeyOperation) -> Bool {
        switch operation {
        case .read: contains(.reads)
        case .write: contains(.writes)
        case .list: contains(.lists)
        case .delete: contains(.deletes)
        case .projectInfo: false
        case .lock: contains(.locks)
        case .putRetention: contains(.putRetention)
        // Who may set a retention may also read it.
        case .getRetention: contains([.putRetention, .getRetention])
        case .putLegalHold: contains(.putLegalHold)
        case .getLegalHold: contains(.getLegalHold)
        case .bypassGovernanceRetention: contains(.bypassGovernanceRetention)
        case .putBucketObjectLockConfiguration: contains(.putBucketObjectLockConfiguration)
        case .getBucketObjectLockConfiguration: contains(.getBucketObjectLockConfiguration)
        case .putBucketNotificationConfiguration: contains(.putBucketNotificationConfiguration)
        case .getBucketNotificationConfiguration: contains(.getBucketNotificationConfiguration)
        }
    }
}
