/// What users of the library need not know of.
package struct UplinkSettings: Sendable {
    /// The version told to satellites behind the user's product tokens.
    package var product = "storj-swift/1.0"
    /// The pause before an unreachable satellite is dialled again; each one is twice the last.
    package var firstPause: Duration = .milliseconds(100)
    /// The longest pause.
    package var longestPause: Duration = .seconds(3)
    /// Asks for compressed answers to batches.
    package var acceptsCompression = true
    /// Bytes to which a compressed answer may unfold; the largest message of a call is 4 MiB before that.
    package var maximumAnswerSize = 64 << 20
    /// Objects in one bulk deletion, the protocol's limit.
    package var deletionsPerRequest = 1000
    /// Items of the first request that compares the passphrase with what a bucket holds.
    package var probeItemCount: Int32 = 50
    /// Pages of which nothing decrypts before the passphrase counts as wrong.
    package var probePageCount = 10
    /// Buckets compared before giving up on a passphrase of which nothing is known.
    package var probeBucketCount = 100
    /// Segments of one copy or move; the protocol's limit.
    package var maximumSegmentCount = 10_000

    /// The defaults.
    package init() {}
}
