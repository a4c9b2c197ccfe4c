/// The names of what a download leaves beside its target until it is whole.
package enum PartialFile {
    private static let endings = [".storj-part", ".storj-state"]

    /// Whether a file's own name is one of these; such files are never transferred.
    package static func isOne(_ name: String) -> Bool {
        name.utf8.first == UInt8(ascii: ".") && endings.contains { name.utf8.reversed().starts(with: $0.utf8.reversed()) }
    }
}
