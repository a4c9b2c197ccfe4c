/// Bytes with `/` as their only structure.
///
/// The empty path has no components; `a/` has `a` and an empty one; `/` has two empty ones.
package protocol ComponentPath: Hashable, Sendable {
    /// The whole path.
    var bytes: [UInt8] { get }
    /// Wraps bytes; any are a path.
    init(bytes: [UInt8])
}

extension ComponentPath {
    /// A path of its components.
    package init(components: some Sequence<[UInt8]>) {
        self.init(bytes: Array(components.joined(separator: [UInt8(ascii: "/")])))
    }

    /// What lies between the slashes.
    package var components: [[UInt8]] {
        if bytes.isEmpty { return [] }
        return bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
    }
}

/// An object key or prefix as the user writes it. Never logged, never sent.
package struct UnencryptedPath: ComponentPath {
    package let bytes: [UInt8]
    package init(bytes: [UInt8]) { self.bytes = bytes }
    /// The UTF-8 bytes of a text.
    package init(_ text: String) { bytes = Array(text.utf8) }
}

/// An object key or prefix as the satellite sees it.
package struct EncryptedPath: ComponentPath {
    package let bytes: [UInt8]
    package init(bytes: [UInt8]) { self.bytes = bytes }
}
