/// By what `sync` tells whether a file has to be transferred. Content cannot be compared: what is stored is encrypted.
package enum SyncComparison: String, Hashable, Sendable, CaseIterable {
    /// By size and time of change.
    case modified = "mtime"
    /// By size alone.
    case size

    /// What is known of a file or object.
    package struct Facts: Hashable, Sendable {
        /// Bytes.
        package var size: Int64
        /// When its content was changed; nil for objects that no tool wrote this for.
        package var modified: FileTime?
        /// When it came to where it is: an object's commit, a file's change.
        package var stored: FileTime?

        /// Facts of a file or object.
        package init(size: Int64, modified: FileTime?, stored: FileTime? = nil) {
            self.size = size
            self.modified = modified
            self.stored = stored
        }
    }

    /// Whether the target has to be written anew.
    package func differs(_ source: Facts, _ target: Facts) -> Bool {
        if source.size != target.size { return true }
        guard self == .modified else { return false }
        if let modified = source.modified, let other = target.modified { return !modified.isSame(as: other) }
        // One of them does not say when its content was changed: it is due when the source came after the target.
        guard let changed = source.modified ?? source.stored, let stored = target.stored ?? target.modified else { return true }
        return stored < changed
    }
}
