package import StorageModel

/// Where an object is found: its bucket and its encrypted key.
package struct ObjectLocation: Hashable, Sendable {
    package var bucket: BucketLocation
    /// 1…4000 bytes, opaque.
    package var key: [UInt8]

    /// A location.
    package init(bucket: BucketLocation, key: [UInt8]) {
        self.bucket = bucket
        self.key = key
    }
}

/// What a row of objects is; raw values are the wire's.
package enum ObjectStatus: Int32, Hashable, Sendable {
    case committedUnversioned = 3
    case committedVersioned = 4
    case deleteMarkerVersioned = 5
    case deleteMarkerUnversioned = 6

    /// Whether the row says that the key was deleted.
    package var isDeleteMarker: Bool { self == .deleteMarkerVersioned || self == .deleteMarkerUnversioned }
    /// Whether the row is the one "null version" a key can have.
    package var isUnversioned: Bool { self == .committedUnversioned || self == .deleteMarkerUnversioned }
}

/// One version of a key: content, or a delete marker.
package struct Object: Hashable, Sendable {
    package var bucket: BucketID
    package var key: [UInt8]
    package var version: Int64
    package var stream: StreamID
    package var status: ObjectStatus
    /// When the upload began.
    package var createdAt: Timestamp
    package var expiresAt: Timestamp?
    package var segmentCount: Int
    /// Plain bytes of all segments.
    package var plainSize: Int64
    /// Encrypted bytes of all segments.
    package var encryptedSize: Int64
    /// Plain bytes of every segment but the last when all are alike and in part 0, else -1.
    package var fixedSegmentSize: Int64
    package var encryption: ObjectEncryption
    /// Empty when a listing did not ask for it.
    package var metadata: ObjectMetadata
    package var lock: ObjectLock

    /// The public version id.
    package var versionID: ObjectVersionID { ObjectVersionID(version: version, stream: stream) }

    /// Whether it was uploaded in parts, as stream tokens tell it.
    package var isMultipart: Bool { plainSize != 0 && fixedSegmentSize <= 0 }
}
