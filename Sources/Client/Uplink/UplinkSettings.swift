/// What users of the library need not know of.
struct UplinkSettings: Sendable {
    /// The version told to satellites behind the user's product tokens.
    var product = "storj-swift/1.0"
    /// The pause before an unreachable satellite is dialled again; each one is twice the last.
    var firstPause: Duration = .milliseconds(100)
    /// The longest pause.
    var longestPause: Duration = .seconds(3)
    /// Asks for compressed answers to batches.
    var acceptsCompression = true
    /// Bytes to which a compressed answer may unfold; the largest message of a call is 4 MiB before that.
    var maximumAnswerSize = 64 << 20
    /// Objects in one bulk deletion, the protocol's limit.
    var deletionsPerRequest = 1000
    /// Items of the first request that compares the passphrase with what a bucket holds.
    var probeItemCount: Int32 = 50
    /// Pages of which nothing decrypts before the passphrase counts as wrong.
    var probePageCount = 10
    /// Buckets compared before giving up on a passphrase of which nothing is known.
    var probeBucketCount = 100
    /// Segments of one copy or move; the protocol's limit.
    var maximumSegmentCount = 10_000

    /// The defaults.
    init() {}
}
