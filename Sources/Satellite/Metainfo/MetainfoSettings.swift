package import StorageModel

/// What an operator may choose about the endpoint uplinks speak to.
///
/// - Source: protocol document 2 §3.4, §3.8–3.10 for the defaults that are not our own.
package struct MetainfoSettings: Sendable {
    /// How new segments are spread.
    package var redundancy = RedundancyScheme.development

    /// The longest encrypted object key, in bytes.
    package var maximumKeyLength = 4000
    /// The most bytes of encrypted metadata and entity tag one object carries. Upstream stops at 2 KiB; S3 allows that
    /// much for a user's metadata alone, and beside it ten tags, which take up to 12 KiB when percent-encoded, and an
    /// access control list.
    package var maximumMetadataSize = 32 << 10
    /// The most encrypted bytes of an inline segment: 4 KiB and the worst overhead of a cipher.
    package var maximumInlineSize = 4736
    /// The most encrypted bytes of a remote segment: 64 MiB and the worst overhead of a cipher.
    package var maximumSegmentSize: Int64 = 76_695_936
    /// The fewest plain bytes of a part that is not the last one.
    package var minimumPartSize: Int64 = 5 << 20
    /// The most parts an object is made of.
    package var maximumPartCount = 10_000
    /// The most segments an object may have to be copied or moved by the satellite.
    package var maximumCopiedSegments = 10_000
    /// The most items a page of objects, segments or uploads holds.
    package var maximumListLimit = 1000
    /// The page of a bucket listing that names no limit.
    package var bucketListLimit = 10_000
    /// The most items of one DeleteObjects.
    package var maximumDeleteCount = 1000

    /// How long an order limit may be used.
    package var orderLifetime = Duration.seconds(24 * 3600)
    /// How long a segment may take from begin to commit.
    package var segmentTokenLifetime = Duration.seconds(48 * 3600)
    /// How old a node's signature over a piece may be at commit.
    package var pieceHashLifetime = Duration.seconds(24 * 3600)
    /// How long an ordinary upload may stay without a new segment.
    package var uploadLifetime = Duration.seconds(24 * 3600)
    /// How long a multipart upload may stay without a new segment.
    package var multipartLifetime = Duration.seconds(7 * 24 * 3600)

    /// Requests a second and burst of one project in each class; nil lets everything pass.
    ///
    /// The field's default is 100, which small installations meet with a single rclone; ours is generous.
    package var projectRate: RateLimit? = RateLimit(perSecond: 1000, burst: 2000)
    /// Uploads of one key; nil lets everything pass. The field's default is 1 a second and a burst of 3.
    package var objectUploadRate: RateLimit? = RateLimit(perSecond: 100, burst: 200)
    /// Downloads of one key; nil lets everything pass. The field's default is 1000 a second and a burst of 3.
    package var objectDownloadRate: RateLimit? = RateLimit(perSecond: 1000, burst: 2000)

    /// Whether bucket tags are kept; off, as in the field, the methods answer "Unimplemented".
    package var bucketTagging = false
    /// The most encoded bytes of one batch after decompression.
    package var maximumBatchSize = 8 << 20
    /// The most items of one batch; uploads of many segments send a few.
    package var maximumBatchCount = 1000
    /// The most items of one batch whose answers can be long, so that a short request has no endless answer.
    package var maximumBatchListings = 32
    /// Answers shorter than this many bytes are not worth compressing.
    package var compressionThreshold = 512
    /// How hard answers are compressed, in `1...19`.
    package var compressionLevel: Int32 = 1

    /// How often expired objects, stale uploads and deleted buckets are swept.
    package var sweepInterval = Duration.seconds(300)
    /// The most rows one step of a sweep removes, so that clients are not kept waiting behind it.
    package var sweepBatchCount = 500

    /// The defaults.
    package init() {}
}
