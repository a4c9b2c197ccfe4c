public import Foundation

/// What is known of a stored object without its content.
public struct Object: Hashable, Sendable {
    /// The bucket's name.
    public let bucket: String
    /// The whole key.
    public let key: String
    /// Which version; nil in buckets without versions, and in listings that do not ask for all versions.
    public var version: ObjectVersion?
    /// Whether this is the version that readers of the key see.
    public var isLatest: Bool
    /// Whether this version says that the object is deleted. It has no content.
    public var isDeleteMarker: Bool
    /// Whether it was stored without versions, before its bucket had them or while they were suspended. S3 calls it the
    /// version `null`, of which a key has at most one.
    public var isNullVersion = false
    /// When it was committed; nil when not asked for.
    public var createdAt: Date?
    /// When it disappears by itself; nil for never.
    public var expiresAt: Date?
    /// Bytes of content; 0 when not asked for.
    public var size: Int64
    /// What the uploader attached; empty when not asked for.
    public var metadata: [String: String]
    /// The entity tag that an S3 gateway attached, decrypted; nil when there is none.
    public var entityTag: [UInt8]?
    /// Nil when there is none, or the grant may not know.
    public var retention: Retention?
    /// Nil when the grant may not know.
    public var hasLegalHold: Bool?

    /// An object.
    public init(
        bucket: String, key: String, version: ObjectVersion? = nil, isLatest: Bool = true,
        isDeleteMarker: Bool = false, createdAt: Date? = nil, expiresAt: Date? = nil, size: Int64 = 0,
        metadata: [String: String] = [:], entityTag: [UInt8]? = nil, retention: Retention? = nil,
        hasLegalHold: Bool? = nil
    ) {
        self.bucket = bucket
        self.key = key
        self.version = version
        self.isLatest = isLatest
        self.isDeleteMarker = isDeleteMarker
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.size = size
        self.metadata = metadata
        self.entityTag = entityTag
        self.retention = retention
        self.hasLegalHold = hasLegalHold
    }
}
