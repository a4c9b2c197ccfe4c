package import StorageModel

/// Identity of a user.
package struct UserID: FixedBytesID {
    package let storage: Bytes16
    package init(storage: Bytes16) { self.storage = storage }
}

/// Identity of an API key, whatever restrictions it carries.
package struct APIKeyID: FixedBytesID {
    package let storage: Bytes16
    package init(storage: Bytes16) { self.storage = storage }
}

/// Who owns projects.
package struct User: Sendable, Hashable {
    package let id: UserID
    /// Unique among users.
    package let email: String
    package let name: String
    /// A disabled user's keys are refused.
    package let isDisabled: Bool
    package let createdAt: Timestamp
}

/// A customer's unit: owns buckets, has limits, pays.
package struct Project: Sendable, Hashable {
    package let id: ProjectID
    /// The id that may be shown to others.
    package let publicID: ProjectID
    package let ownerID: UserID
    package let name: String
    /// 16 bytes that clients mix into keys derived from a passphrase.
    package let salt: [UInt8]
    /// Its own limits.
    package let limits: ProjectLimits
    /// A disabled project's keys are refused.
    package let isDisabled: Bool
    /// The partner the project is attributed to, product tokens; empty for none.
    package let userAgent: [UInt8]
    package let createdAt: Timestamp
}

/// A project's own limits; nil takes the default of `AccountsSettings`.
package struct ProjectLimits: Sendable, Hashable {
    /// Encrypted bytes stored, before redundancy.
    package var storageBytes: Int64?
    /// Bytes downloaded in a calendar month.
    package var bandwidthBytes: Int64?
    package var segments: Int64?
    package var buckets: Int?
    /// Requests a second of each class; 0 together with a burst of 0 disables access.
    package var ratePerSecond: Int?
    package var burst: Int?

    /// All defaults.
    package init() {}

    /// Whether no limit is negative.
    var isValid: Bool {
        [storageBytes, bandwidthBytes, segments].allSatisfy { ($0 ?? 0) >= 0 }
            && [buckets, ratePerSecond, burst].allSatisfy { ($0 ?? 0) >= 0 }
    }
}

/// The limits that hold for a project, defaults filled in. Units as in `ProjectLimits`.
package struct EffectiveLimits: Sendable, Hashable {
    package var storageBytes: Int64
    package var bandwidthBytes: Int64
    package var segments: Int64
    package var buckets: Int
    package var ratePerSecond: Int
    package var burst: Int

    /// All limits.
    package init(
        storageBytes: Int64, bandwidthBytes: Int64, segments: Int64, buckets: Int, ratePerSecond: Int, burst: Int
    ) {
        self.storageBytes = storageBytes
        self.bandwidthBytes = bandwidthBytes
        self.segments = segments
        self.buckets = buckets
        self.ratePerSecond = ratePerSecond
        self.burst = burst
    }

    /// These defaults under a project's own limits.
    package func overridden(by own: ProjectLimits) -> EffectiveLimits {
        EffectiveLimits(
            storageBytes: own.storageBytes ?? storageBytes, bandwidthBytes: own.bandwidthBytes ?? bandwidthBytes,
            segments: own.segments ?? segments, buckets: own.buckets ?? buckets,
            ratePerSecond: own.ratePerSecond ?? ratePerSecond, burst: own.burst ?? burst)
    }
}
