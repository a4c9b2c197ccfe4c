package import StorageModel

/// A segment's content key, re-encrypted by the client when an object changes its place.
package struct SegmentKey: Hashable, Sendable {
    package var position: SegmentPosition
    package var encryptedKey: [UInt8]
    package var encryptedKeyNonce: [UInt8]

    /// A key.
    package init(position: SegmentPosition, encryptedKey: [UInt8], encryptedKeyNonce: [UInt8]) {
        self.position = position
        self.encryptedKey = encryptedKey
        self.encryptedKeyNonce = encryptedKeyNonce
    }
}

/// What a copy or move begins with.
package struct CopySource: Hashable, Sendable {
    package var object: Object
    /// One a segment, ascending by position.
    package var segmentKeys: [SegmentKey]
}

/// Names the object a copy or move began with; everything in it travels in the stream token.
package struct ObjectReference: Hashable, Sendable {
    package var bucket: BucketID
    package var key: [UInt8]
    package var version: Int64
    package var stream: StreamID

    /// A reference, for instance out of a token.
    package init(bucket: BucketID, key: [UInt8], version: Int64, stream: StreamID) {
        self.bucket = bucket
        self.key = key
        self.version = version
        self.stream = stream
    }
}

/// The end of a copy or move.
package struct ObjectTransfer: Hashable, Sendable {
    package var source: ObjectReference
    package var destination: ObjectLocation
    /// One a segment, in the order begin returned them.
    package var segmentKeys: [SegmentKey]
    /// 48 bytes exactly when the object has metadata, ETag or checksum, else empty.
    package var metadataKey: [UInt8]
    /// 24 bytes when there is a key, else empty.
    package var metadataNonce: [UInt8]
    /// Copy only: metadata instead of the source's; its own key and nonce count.
    package var replacingMetadata: ObjectMetadata?
    /// The destination's lock; the bucket's default retention is added when there is none.
    package var lock: ObjectLock
    /// Whether the caller may delete, and so replace, an object of the destination.
    package var mayOverwrite: Bool
    /// Copy only: `if-none-match: *`.
    package var mustNotExist: Bool

    /// The end of a copy or move.
    package init(
        source: ObjectReference, destination: ObjectLocation, segmentKeys: [SegmentKey], metadataKey: [UInt8] = [],
        metadataNonce: [UInt8] = [], replacingMetadata: ObjectMetadata? = nil, lock: ObjectLock = ObjectLock(),
        mayOverwrite: Bool, mustNotExist: Bool = false
    ) {
        self.source = source
        self.destination = destination
        self.segmentKeys = segmentKeys
        self.metadataKey = metadataKey
        self.metadataNonce = metadataNonce
        self.replacingMetadata = replacingMetadata
        self.lock = lock
        self.mayOverwrite = mayOverwrite
        self.mustNotExist = mustNotExist
    }
}
