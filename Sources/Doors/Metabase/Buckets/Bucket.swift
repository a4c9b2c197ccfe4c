package import StorageModel

/// A bucket's number in this satellite: never reused, so that a deleted bucket's rows can be purged later.
package struct BucketID: Hashable, Comparable, Sendable, RawRepresentable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Where a bucket is found.
package struct BucketLocation: Hashable, Sendable {
    /// The owner.
    package var project: ProjectID
    /// The name; any text is fine for looking up.
    package var name: String

    /// A location.
    package init(project: ProjectID, name: String) {
        self.project = project
        self.name = name
    }
}

/// Whether a bucket keeps old versions; raw values are the wire's.
package enum BucketVersioning: Int32, Hashable, Sendable {
    case unsupported = 0
    case unversioned = 1
    case enabled = 2
    case suspended = 3
}

/// How long new objects of a bucket are retained.
package struct DefaultRetention: Hashable, Sendable {
    /// How long.
    package enum Period: Hashable, Sendable {
        case days(Int32)
        case years(Int32)
    }

    package var mode: RetentionMode
    package var period: Period

    /// A rule; its numbers were validated by the caller.
    package init(mode: RetentionMode, period: Period) {
        self.mode = mode
        self.period = period
    }
}

/// A label of a bucket.
package struct BucketTag: Hashable, Sendable {
    package var key: String
    package var value: String

    /// A label; validated by the caller.
    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

/// A container of objects.
package struct Bucket: Hashable, Sendable {
    package var id: BucketID
    package var location: BucketLocation
    package var createdAt: Timestamp
    /// The placement rule objects of this bucket are stored under.
    package var placement: Int32
    package var versioning: BucketVersioning
    /// Whether Object Lock is on; it is never turned off.
    package var isLockEnabled: Bool
    /// The retention new objects get; nil for none.
    package var defaultRetention: DefaultRetention?
    /// Attribution, empty for none.
    package var userAgent: [UInt8]
    package var tags: [BucketTag]
    /// The notification configuration as the endpoint encoded it; nil for none.
    package var notifications: [UInt8]?

    /// The name.
    package var name: String { location.name }
}

/// What a new bucket is made of.
package struct NewBucket: Hashable, Sendable {
    package var location: BucketLocation
    package var placement: Int32
    /// `enabled` is forced when `isLockEnabled`.
    package var versioning: BucketVersioning
    package var isLockEnabled: Bool
    package var userAgent: [UInt8]
    /// How many buckets the project may have, this one included.
    package var maximumBuckets: Int

    /// A bucket to be made; the name was validated by the caller.
    package init(
        location: BucketLocation, placement: Int32 = 0, versioning: BucketVersioning = .unversioned,
        isLockEnabled: Bool = false, userAgent: [UInt8] = [], maximumBuckets: Int = 100
    ) {
        self.location = location
        self.placement = placement
        self.versioning = isLockEnabled ? .enabled : versioning
        self.isLockEnabled = isLockEnabled
        self.userAgent = userAgent
        self.maximumBuckets = maximumBuckets
    }
}
