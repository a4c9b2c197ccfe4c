import S3Protocol
import StorageModel
import Testing

@Suite struct SortedVersionsTests {
    private func version(
        _ key: String, _ name: String? = nil, isLatest: Bool = true, isDeleteMarker: Bool = false
    ) -> ListedVersion {
        ListedVersion(
            key: key, version: name, isLatest: isLatest, isDeleteMarker: isDeleteMarker,
            modified: Timestamp(microseconds: 0), size: 1, tag: "tag", checksum: nil)
    }

    private func sorted(_ keys: [String]) -> SortedVersions { SortedVersions(keys.map { version($0) }) }

    private func names(_ page: ListingPage) -> [String] { page.entries.map(\.key) }

    @Test func `keys come in the order of their bytes, not of their letters`() {
        // Canonically equal texts are different keys, and bytes beyond ASCII come last.
        let keys = ["é", "e\u{301}", "z", "Z", "a/b", "a", "a b", "\u{1F600}", "\u{FFFD}"]
        let page = sorted(keys).page(ListingQuery())
        #expect(names(page).map { Array($0.utf8) } == keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(!page.isTruncated)
    }

    @Test func `pages put together are the whole listing, whatever their size`() {
        var generator = RepeatableGenerator(state: 7)
        for _ in 0..<40 {
            let keys = (0..<60).map { _ in
                String((0..<Int.random(in: 1...6, using: &generator)).map { _ in "ab/".randomElement(using: &generator) ?? "a" })
            }
            let versions = sorted(Array(Set(keys)))
            for delimiter in [nil, "/", "ab"] {
                for prefix in ["", "a", "b/"] {
                    var query = ListingQuery(prefix: prefix, delimiter: delimiter)
                    let whole = versions.page(query)
                    #expect(names(whole) == expected(Array(Set(keys)), prefix, delimiter))
                    for limit in 1...4 {
                        query.limit = limit
                        query.start = .beginning
                        var collected: [String] = []
                        while true {
                            let page = versions.page(query)
                            #expect(page.entries.count == limit || !page.isTruncated)
                            collected += names(page)
                            guard page.isTruncated, let last = page.entries.last else { break }
                            query.start = .after(key: last.key)
                        }
                        #expect(collected == names(whole))
                    }
                }
            }
        }
    }

    /// The rule of S3, word by word.
    private func expected(_ keys: [String], _ prefix: String, _ delimiter: String?) -> [String] {
        var found: [[UInt8]] = []
        for key in keys.map({ Array($0.utf8) }) where key.starts(with: prefix.utf8) {
            var name = key
            if let delimiter = delimiter.map({ Array($0.utf8) }) {
                for index in prefix.utf8.count..<max(prefix.utf8.count, key.count) {
                    if key[index...].starts(with: delimiter) {
                        name = Array(key[..<(index + delimiter.count)])
                        break
                    }
                }
            }
            if !found.contains(name) { found.append(name) }
        }
        return found.sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `a listing without versions shows neither old versions nor what was deleted`() {
        let versions = SortedVersions([
            version("b", "3", isDeleteMarker: true), version("b", "2", isLatest: false), version("a", "9"),
            version("a", "8", isLatest: false), version("only/marker", "1", isDeleteMarker: true),
        ])
        #expect(versions.page(ListingQuery(delimiter: "/")).versions.map(\.versionName) == ["9"])
        #expect(versions.page(ListingQuery(delimiter: "/")).prefixes.isEmpty)
        let all = versions.page(ListingQuery(allVersions: true)).versions.map(\.versionName)
        #expect(all == ["9", "8", "3", "2", "1"])
    }

    @Test func `a page of versions goes on after the version it ended with, and after the key when that has gone`() {
        let versions = SortedVersions([
            version("a", "3"), version("a", "2", isLatest: false), version("a", nil, isLatest: false), version("b", "1"),
        ])
        func rest(_ name: String) -> [String] {
            versions.page(ListingQuery(start: .afterVersion(key: "a", version: name), allVersions: true))
                .versions.map(\.versionName)
        }
        #expect(rest("3") == ["2", "null", "1"])
        #expect(rest("null") == ["1"])
        #expect(rest("gone") == ["1"])
    }

    @Test func `a page of no entries is not truncated`() {
        let page = sorted(["a", "b"]).page(ListingQuery(limit: 0))
        #expect(page == ListingPage())
    }

    @Test func `a key's versions are replaced, added and removed in their place`() {
        var versions = sorted(["a", "c", "e"])
        versions.replace("d", by: [version("d")])
        versions.replace("c", by: [])
        versions.replace("a", by: [version("a", "2"), version("a", "1", isLatest: false)])
        #expect(versions == SortedVersions([version("a", "2"), version("a", "1", isLatest: false), version("d"), version("e")]))
    }
}

/// A generator that always says the same.
private struct RepeatableGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
