/// Which bytes of an object to read.
public enum DownloadRange: Hashable, Sendable {
    /// The whole object.
    case all
    /// From this byte to the end; nothing when that is behind the end.
    case from(Int64)
    /// These bytes, as far as the object has them.
    case bytes(Range<Int64>)
    /// So many bytes at the end, or all when the object has fewer.
    case last(Int64)
}

/// What to read of an object.
public struct DownloadOptions: Hashable, Sendable {
    /// Which bytes.
    public var range: DownloadRange
    /// Which version; nil for the newest.
    public var version: ObjectVersion?

    /// Options.
    public init(range: DownloadRange = .all, version: ObjectVersion? = nil) {
        self.range = range
        self.version = version
    }
}
