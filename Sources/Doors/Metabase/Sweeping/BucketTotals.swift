package import StorageModel

/// What a bucket holds now, for tallies.
package struct BucketTotals: Hashable, Sendable {
    package var id: BucketID
    package var location: BucketLocation
    /// Committed versions, delete markers included.
    package var objects: Int64
    /// Pending uploads.
    package var uploads: Int64
    /// Segments of committed objects.
    package var segments: Int64
    /// Encrypted bytes of committed objects.
    package var encryptedBytes: Int64
    /// Plain bytes of committed objects.
    package var plainBytes: Int64
    /// Bytes of encrypted metadata.
    package var metadataBytes: Int64
}

/// A stretch of stream ids to scan.
package struct StreamRange: Hashable, Sendable {
    /// The first id that may occur.
    package var first: StreamID
    /// The last id that may occur.
    package var last: StreamID

    /// A stretch.
    package init(first: StreamID, last: StreamID) {
        self.first = first
        self.last = last
    }

    /// All ids, cut into `count` stretches of the same width.
    ///
    /// - Parameter count: in `1...65536`.
    package static func all(in count: Int = 1) -> [StreamRange] {
        precondition((1...65536).contains(count), "a scan is cut into 1 to 65536 stretches")
        let width = UInt64.max / UInt64(count)
        return (0..<UInt64(count)).map { index in
            let end = index + 1 == UInt64(count) ? UInt64.max : (index + 1) * width - 1
            return StreamRange(
                first: StreamID(storage: Bytes16(words: [index * width, 0])),
                last: StreamID(storage: Bytes16(words: [end, .max])))
        }
    }
}
