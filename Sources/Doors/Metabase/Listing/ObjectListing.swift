/// Which page of a bucket is listed.
package struct ObjectListing: Hashable, Sendable {
    /// What is listed.
    package enum Scope: Hashable, Sendable {
        /// The newest version of each key, unless it is a delete marker.
        case latest
        /// Every version and delete marker, newest first within a key.
        case allVersions
        /// Pending uploads, oldest first within a key.
        case uploads
    }

    /// Where the previous page ended: that item is not listed again.
    package struct Cursor: Hashable, Sendable {
        /// Relative to the prefix.
        package var key: [UInt8]
        /// For `allVersions` and `uploads`; without it the rest of the key is passed over.
        package var version: ObjectVersionID?

        /// A cursor.
        package init(key: [UInt8], version: ObjectVersionID? = nil) {
            self.key = key
            self.version = version
        }
    }

    package var bucket: BucketLocation
    package var scope: Scope
    /// Keys that begin with these bytes.
    package var prefix: [UInt8]
    /// Keys that agree up to the first delimiter after the prefix become one item; empty lists every key.
    package var delimiter: [UInt8]
    package var cursor: Cursor?
    /// Items of a page, in `1...1000`.
    package var limit: Int
    /// Whether metadata, ETag and checksum are wanted.
    package var includesMetadata: Bool

    /// A page to list.
    package init(
        bucket: BucketLocation, scope: Scope = .latest, prefix: [UInt8] = [], delimiter: [UInt8] = [],
        cursor: Cursor? = nil, limit: Int = 1000, includesMetadata: Bool = true
    ) {
        self.bucket = bucket
        self.scope = scope
        self.prefix = prefix
        self.delimiter = delimiter
        self.cursor = cursor
        self.limit = min(max(limit, 1), 1000)
        self.includesMetadata = includesMetadata
    }
}

/// An item of a listing.
package enum ObjectListingItem: Hashable, Sendable {
    /// Keys under a common prefix; ends with the delimiter.
    case prefix([UInt8])
    /// A version; `isLatest` tells whether it is the newest of its key.
    case object(Object, isLatest: Bool)
    /// A pending upload.
    case upload(Upload)

    /// The full key, prefix included.
    package var key: [UInt8] {
        switch self {
        case .prefix(let key): key
        case .object(let object, _): object.key
        case .upload(let upload): upload.reference.key
        }
    }
}

/// A page of a listing.
package struct ObjectPage: Hashable, Sendable {
    /// Ascending by key bytes.
    package var items: [ObjectListingItem]
    /// Whether more follow.
    package var hasMore: Bool
}

/// A page of pending uploads.
package struct UploadPage: Hashable, Sendable {
    /// Oldest first.
    package var uploads: [Upload]
    /// Whether more follow.
    package var hasMore: Bool
}
