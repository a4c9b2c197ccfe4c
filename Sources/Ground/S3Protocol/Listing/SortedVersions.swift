/// All versions of all keys of a bucket in S3's order: keys byte by byte, the versions of a key newest first.
package struct SortedVersions: Hashable, Sendable {
    package private(set) var versions: [ListedVersion]

    /// - Parameter versions: the versions of each key newest first, keys in any order.
    package init(_ versions: [ListedVersion] = []) {
        // The sort keeps the order of equal keys only because the number decides between them.
        self.versions = versions.enumerated().sorted { one, other in
            Self.precedes(one.element.key, other.element.key)
                || (one.element.key == other.element.key && one.offset < other.offset)
        }.map(\.element)
    }

    /// Replaces what is known of a key by its versions, newest first; none for a key that is gone.
    package mutating func replace(_ key: String, by replacement: [ListedVersion]) {
        let first = firstIndex { Self.precedes($0, key) }
        let end = firstIndex { !Self.precedes(key, $0) }
        versions.replaceSubrange(first..<end, with: replacement)
    }

    /// A page.
    package func page(_ query: ListingQuery) -> ListingPage {
        var page = ListingPage()
        guard query.limit > 0 else { return page }
        var index = start(query)
        while index < versions.count, versions[index].key.utf8.starts(with: query.prefix.utf8) {
            let version = versions[index]
            guard query.allVersions || version.isCurrent else {
                index += 1
                continue
            }
            let prefix = query.commonPrefix(of: version.key)
            if let prefix, query.start == .after(key: prefix) {
                index = end(ofPrefix: prefix)
                continue
            }
            guard page.entries.count < query.limit else {
                page.isTruncated = true
                break
            }
            page.entries.append(prefix.map(ListingPage.Entry.prefix) ?? .version(version))
            index = prefix.map(end(ofPrefix:)) ?? index + 1
        }
        return page
    }

    /// Where a page begins.
    private func start(_ query: ListingQuery) -> Int {
        let inPrefix = firstIndex { Self.precedes($0, query.prefix) }
        switch query.start {
        case .beginning: return inPrefix
        case .after(let key): return max(inPrefix, firstIndex { !Self.precedes(key, $0) })
        case .afterVersion(let key, let name):
            let end = firstIndex { !Self.precedes(key, $0) }
            let first = firstIndex { Self.precedes($0, key) }
            // A version that has gone meanwhile is where no page can begin: the key's others are not shown again.
            let after = versions[first..<end].firstIndex { $0.versionName == name }.map { $0 + 1 }
            return max(inPrefix, after ?? end)
        }
    }

    private func end(ofPrefix prefix: String) -> Int {
        firstIndex { Self.precedes($0, prefix) || $0.utf8.starts(with: prefix.utf8) }
    }

    /// The first place whose key is not before; keys before come all at the beginning.
    private func firstIndex(_ isBefore: (String) -> Bool) -> Int {
        var low = 0, high = versions.count
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(versions[middle].key) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func precedes(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }
}
