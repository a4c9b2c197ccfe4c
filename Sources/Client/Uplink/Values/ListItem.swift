/// What a listing shows.
public enum ListItem: Hashable, Sendable {
    /// All keys that begin so, in a listing that is not recursive; ends in `/`.
    case prefix(String)
    /// One object, or one version of it.
    case object(Object)

    /// The whole key or prefix.
    public var key: String {
        switch self {
        case .prefix(let prefix): prefix
        case .object(let object): object.key
        }
    }

    /// The object, unless this is a prefix.
    public var object: Object? {
        switch self {
        case .prefix: nil
        case .object(let object): object
        }
    }
}

/// A part of a listing: what one request brought.
public struct ListPage: Hashable, Sendable {
    /// In the satellite's order, which is that of encrypted keys.
    public let items: [ListItem]
    /// Items left out because they do not decrypt: other passphrases wrote them.
    public let undecryptableCount: Int
    /// Where the next page starts; nil after the last one.
    public let cursor: ListCursor?

    /// A page.
    public init(items: [ListItem], undecryptableCount: Int = 0, cursor: ListCursor? = nil) {
        self.items = items
        self.undecryptableCount = undecryptableCount
        self.cursor = cursor
    }
}

/// The place in a listing after which the next page starts.
public struct ListCursor: Hashable, Sendable {
    /// The encrypted key of the last item, relative to the prefix.
    let encryptedKey: [UInt8]
    /// The version of the last item; empty unless versions or uploads are listed.
    let version: [UInt8]
}
