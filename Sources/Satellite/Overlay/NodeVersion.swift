package import StorageModel

/// The version of a node's software, ordered by its three numbers.
package struct NodeVersion: Hashable, Sendable {
    package let major: Int
    package let minor: Int
    package let patch: Int
    /// The commit it was built from; empty when not told.
    package var commit = ""
    /// When it was built.
    package var builtAt: Timestamp?
    /// Whether it calls itself a release.
    package var isRelease = false

    /// A version.
    package init(major: Int, minor: Int, patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Parses `v1.2.3` with or without `v`, ignoring what follows a `-` or `+`; empty text is 0.0.0.
    package init?(text: String) {
        var rest = Substring(text)
        if rest.isEmpty {
            self.init(major: 0, minor: 0, patch: 0)
            return
        }
        if rest.first == "v" { rest = rest.dropFirst() }
        let core = rest.prefix { $0 != "-" && $0 != "+" }
        let parts = core.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in part.allSatisfy(\.isASCII) ? UInt32(part).map { Int($0) } : nil }
        guard parts.count == 3, numbers.count == 3 else { return nil }
        self.init(major: numbers[0], minor: numbers[1], patch: numbers[2])
    }

    /// Whether this version is at least `other`, by its numbers.
    package func isAtLeast(_ other: NodeVersion) -> Bool {
        (major, minor, patch) >= (other.major, other.minor, other.patch)
    }
}

extension NodeVersion: CustomStringConvertible {
    /// `v1.2.3`.
    package var description: String { "v\(major).\(minor).\(patch)" }
}
