/// What a listing asks for.
package struct ListingQuery: Hashable, Sendable {
    /// Where a page begins.
    package enum Start: Hashable, Sendable {
        case beginning
        /// After a key with all its versions, or after a prefix that an earlier page ended with.
        case after(key: String)
        /// After one version of a key.
        case afterVersion(key: String, version: String)
    }

    package var prefix: String
    /// Never empty.
    package var delimiter: String?
    package var start: Start
    /// Versions and prefixes on a page, 0 or more.
    package var limit: Int
    /// Older versions and delete markers as well.
    package var allVersions: Bool

    package init(
        prefix: String = "", delimiter: String? = nil, start: Start = .beginning, limit: Int = 1000,
        allVersions: Bool = false
    ) {
        self.prefix = prefix
        self.delimiter = delimiter
        self.start = start
        self.limit = limit
        self.allVersions = allVersions
    }

    /// The part of a key that stands for all keys which begin with it; nil for a key that is listed itself.
    package func commonPrefix(of key: String) -> String? {
        guard let delimiter else { return nil }
        let key = key.utf8, wanted = delimiter.utf8
        var index = key.index(key.startIndex, offsetBy: prefix.utf8.count)
        while let first = key[index...].firstIndex(of: wanted.first ?? 0) {
            if key[first...].starts(with: wanted) {
                return String(key[..<key.index(first, offsetBy: wanted.count)])
            }
            index = key.index(after: first)
        }
        return nil
    }
}
