/// Which names take part: those that an `--include` covers, or all when there is none, without those an `--exclude` covers.
package struct NameFilter: Hashable, Sendable {
    private let includes: [GlobPattern]
    private let excludes: [GlobPattern]

    /// Everything takes part.
    package static let everything = NameFilter(includes: [], excludes: [])

    /// A filter of patterns; no includes mean everything.
    package init(includes: [GlobPattern], excludes: [GlobPattern]) {
        self.includes = includes
        self.excludes = excludes
    }

    /// Whether nothing is filtered.
    package var isEverything: Bool { includes.isEmpty && excludes.isEmpty }

    /// Whether a file or object takes part.
    package func admits(_ name: RelativeName) -> Bool {
        if excludes.contains(where: { $0.covers(file: name) }) { return false }
        return includes.isEmpty || includes.contains { $0.covers(file: name) }
    }

    /// Whether nothing in a folder takes part, so that it need not be read.
    package func excludes(folder name: RelativeName) -> Bool {
        excludes.contains { $0.covers(folder: name) }
    }
}
