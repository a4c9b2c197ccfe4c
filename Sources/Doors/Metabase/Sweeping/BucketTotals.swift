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
