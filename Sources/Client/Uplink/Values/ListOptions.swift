/// Which objects a listing shows, and what of them.
public struct ListOptions: Hashable, Sendable {
    /// Only keys that begin so: empty, or ending in `/`. With keys that are not encrypted it may end anywhere.
    public var prefix = ""
    /// Shows every object below the prefix. Otherwise what follows the next `/` is folded into one prefix.
    public var isRecursive = false
    /// Starts after this whole key, in the satellite's order; empty for the beginning.
    public var after = ""
    /// Together with `after`, when all versions are listed: starts after this version.
    public var afterVersion: ObjectVersion?
    /// Starts where a page ended, instead of `after`.
    public var cursor: ListCursor?
    /// Asks for sizes and times.
    public var includesSystemMetadata = true
    /// Asks for what uploaders attached.
    public var includesCustomMetadata = false
    /// Asks for the entity tags that S3 gateways attach.
    public var includesEntityTags = false
    /// Shows older versions and delete markers as well.
    public var allVersions = false
    /// Items a request, in `1...1000`; 0 lets the satellite decide.
    public var pageSize = 0

    /// The defaults.
    public init() {}

    /// Options of a prefix.
    public init(prefix: String, isRecursive: Bool = false) {
        self.prefix = prefix
        self.isRecursive = isRecursive
    }
}
