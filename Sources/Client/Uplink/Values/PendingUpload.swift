public import Foundation

/// An upload that was begun and neither committed nor aborted.
public struct PendingUpload: Hashable, Sendable {
    /// The bucket's name.
    public let bucket: String
    /// The whole key; ends in `/` when it stands for a prefix.
    public let key: String
    /// The upload's id; empty for a prefix.
    public let id: String
    /// When it was begun.
    public var createdAt: Date?
    /// When it disappears by itself; nil for never.
    public var expiresAt: Date?
    /// What was attached when it was begun; empty when not asked for.
    public var metadata: [String: String]

    /// Whether this stands for all uploads below a prefix.
    public var isPrefix: Bool { id.isEmpty }

    /// An upload.
    public init(
        bucket: String, key: String, id: String, createdAt: Date? = nil, expiresAt: Date? = nil,
        metadata: [String: String] = [:]
    ) {
        self.bucket = bucket
        self.key = key
        self.id = id
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.metadata = metadata
    }
}

/// Which uploads a listing shows.
public struct PendingUploadOptions: Hashable, Sendable {
    /// Only keys that begin so: empty, or ending in `/`.
    public var prefix = ""
    /// Only uploads of exactly this key; `prefix`, `after` and `isRecursive` then have no meaning.
    public var key: String?
    /// Shows every upload below the prefix. Otherwise what follows the next `/` is folded into one prefix.
    public var isRecursive = true
    /// Starts after this whole key, in the satellite's order; empty for the beginning.
    public var after = ""
    /// Asks for what was attached when the uploads were begun.
    public var includesCustomMetadata = false

    /// The defaults.
    public init() {}
}
