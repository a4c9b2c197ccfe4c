/// A page of a listing.
package struct ListingPage: Hashable, Sendable {
    /// What stands on a page.
    package enum Entry: Hashable, Sendable {
        case version(ListedVersion)
        /// Stands for all keys that begin so.
        case prefix(String)

        /// The key, or the prefix.
        package var key: String {
            switch self {
            case .version(let version): version.key
            case .prefix(let prefix): prefix
            }
        }
    }

    package var entries: [Entry] = []
    /// Whether there is more behind it.
    package var isTruncated = false

    package init() {}

    package var versions: [ListedVersion] {
        entries.compactMap { if case .version(let version) = $0 { version } else { nil } }
    }

    package var prefixes: [String] {
        entries.compactMap { if case .prefix(let prefix) = $0 { prefix } else { nil } }
    }
}
