public import Foundation

/// A container of objects.
public struct Bucket: Hashable, Sendable {
    /// 3 to 63 lower-case letters, digits, dots and hyphens.
    public let name: String
    /// When it was created; nil when the satellite does not say.
    public let createdAt: Date?
    /// Product tokens of the program that created it; empty when unknown.
    public let attribution: String

    /// A bucket.
    public init(name: String, createdAt: Date? = nil, attribution: String = "") {
        self.name = name
        self.createdAt = createdAt
        self.attribution = attribution
    }
}

/// A label of a bucket.
public struct BucketTag: Hashable, Sendable {
    /// 1 to 128 characters.
    public var key: String
    /// Up to 256 characters.
    public var value: String

    /// A label.
    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

/// Whether a bucket keeps what is overwritten or deleted.
public enum BucketVersioning: Int, Hashable, Sendable {
    /// The satellite does not offer versions.
    case unsupported = 0
    /// It never kept versions.
    case unversioned = 1
    /// It keeps every version.
    case enabled = 2
    /// It keeps the versions it has and makes no new ones.
    case suspended = 3
}

/// The object lock of a bucket. Once on, it stays on.
public struct BucketObjectLock: Hashable, Sendable {
    /// For how long new objects are locked when their upload does not say.
    public struct DefaultRetention: Hashable, Sendable {
        /// A length of time.
        public enum Period: Hashable, Sendable {
            /// In `1...36500`.
            case days(Int)
            /// In `1...10`.
            case years(Int)
        }

        /// Who may end it early.
        public var mode: Retention.Mode
        /// For how long.
        public var period: Period

        /// A default retention.
        public init(mode: Retention.Mode, period: Period) {
            self.mode = mode
            self.period = period
        }
    }

    /// Nil: new objects are not locked unless their upload says so.
    public var defaultRetention: DefaultRetention?

    /// A lock.
    public init(defaultRetention: DefaultRetention? = nil) {
        self.defaultRetention = defaultRetention
    }
}
