package import StorageModel

/// Names a pending upload exactly; everything in it travels in the stream token.
package struct UploadReference: Hashable, Sendable {
    package var bucket: BucketID
    package var key: [UInt8]
    /// When it was begun, to the microsecond.
    package var createdAt: Timestamp
    package var stream: StreamID

    /// A reference, for instance out of a token.
    package init(bucket: BucketID, key: [UInt8], createdAt: Timestamp, stream: StreamID) {
        self.bucket = bucket
        self.key = key
        self.createdAt = createdAt
        self.stream = stream
    }

    /// The 16 bytes that stand for this upload where listings want a version id: time and stream.
    package var versionID: ObjectVersionID { ObjectVersionID(version: createdAt.microseconds, stream: stream) }
}

/// What an upload begins with.
package struct NewUpload: Hashable, Sendable {
    package var location: ObjectLocation
    package var expiresAt: Timestamp?
    package var encryption: ObjectEncryption
    package var metadata: ObjectMetadata
    /// What the caller asked for; the bucket's default retention is added when there is none.
    package var lock: ObjectLock
    /// Whether parts may follow over days.
    package var isMultipart: Bool

    /// An upload to begin.
    package init(
        location: ObjectLocation, expiresAt: Timestamp? = nil, encryption: ObjectEncryption,
        metadata: ObjectMetadata = ObjectMetadata(), lock: ObjectLock = ObjectLock(), isMultipart: Bool = false
    ) {
        self.location = location
        self.expiresAt = expiresAt?.truncatedToMicroseconds
        self.encryption = encryption
        self.metadata = metadata
        self.lock = lock
        self.isMultipart = isMultipart
    }
}

/// An object on its way, not visible to reads.
package struct Upload: Hashable, Sendable {
    package var reference: UploadReference
    package var expiresAt: Timestamp?
    /// When the sweeper may take it; commits of segments move it.
    package var deadline: Timestamp
    package var encryption: ObjectEncryption
    /// Empty when a listing did not ask for it.
    package var metadata: ObjectMetadata
    package var lock: ObjectLock
    package var isMultipart: Bool
    /// Whether the bucket kept versions when this began: decides what the commit makes.
    package var isVersioned: Bool
    /// The bucket's placement when this began.
    package var placement: Int32
}

/// How an upload becomes an object.
package struct ObjectCommit: Hashable, Sendable {
    /// Replaces the metadata given at begin; nil keeps that.
    package var metadata: ObjectMetadata?
    /// Whether the caller may delete, and so replace, an object of this key.
    package var mayOverwrite: Bool
    /// `if-none-match: *`.
    package var mustNotExist: Bool

    /// A commit.
    package init(metadata: ObjectMetadata? = nil, mayOverwrite: Bool, mustNotExist: Bool = false) {
        self.metadata = metadata
        self.mayOverwrite = mayOverwrite
        self.mustNotExist = mustNotExist
    }
}
