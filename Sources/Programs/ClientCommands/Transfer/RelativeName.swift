/// The name of a file or object relative to the folder or prefix it was found under, its parts separated by `/`.
///
/// Compared, ordered and taken apart byte by byte: to `String` two different keys can be equal (composed and decomposed
/// letters) and a slash before a combining mark is no slash.
package struct RelativeName: Sendable {
    /// The name as text.
    package let text: String

    /// A name.
    package init(_ text: String) {
        self.text = text
    }

    /// What is left of a key below a prefix; nil when the key does not start with the prefix.
    package init?(_ key: String, below prefix: String) {
        guard key.utf8.starts(with: prefix.utf8) else { return nil }
        text = String(Substring(key.utf8.dropFirst(prefix.utf8.count)))
    }

    /// The parts between slashes, empty ones too: as many as there are slashes, and one more.
    package var components: [String] {
        text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { String(Substring($0)) }
    }

    /// The part after the last slash.
    package var lastComponent: String { components.last ?? text }

    /// The name of something in the folder of this name.
    package func appending(_ component: String) -> RelativeName {
        RelativeName(text.isEmpty ? component : text + "/" + component)
    }
}

extension RelativeName: Hashable {
    package static func == (left: RelativeName, right: RelativeName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension RelativeName: Comparable {
    package static func < (left: RelativeName, right: RelativeName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}
