/// A bucket, or what lies under a prefix in it.
///
/// A prefix is whole path components: `2026/summer` and `2026/summer/` are the same and do not cover `2026/summers/`.
public struct SharePrefix: Hashable, Sendable, Codable {
    /// The bucket's name.
    public var bucket: String
    /// The prefix of object keys; empty for the whole bucket.
    public var prefix: String

    /// A place.
    public init(bucket: String, prefix: String = "") {
        self.bucket = bucket
        self.prefix = prefix
    }
}

extension SharePrefix: CustomStringConvertible {
    /// `sj://bucket/prefix`.
    public var description: String { "sj://\(bucket)/\(prefix)" }
}
