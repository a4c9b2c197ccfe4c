import Foundation

/// One name in a folder.
struct FolderEntry {
    /// The name; repaired where it is not UTF-8.
    let name: String
    /// Whether the name is UTF-8.
    let isText: Bool
    /// What it is, as far as the folder itself says so.
    let kind: FileFacts.Kind?

    /// The names in a folder, sorted by their bytes.
    static func entries(of path: String) throws(FileRefusal) -> [FolderEntry] {
        guard let stream = opendir(path) else { throw FileRefusal(path: path) }
        defer { closedir(stream) }
        var entries: [FolderEntry] = []
        errno = 0
        while let entry = readdir(stream) {
            if let entry = FolderEntry(entry) { entries.append(entry) }
            errno = 0
        }
        guard errno == 0 else { throw FileRefusal(path: path) }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Nil for the folder itself and its parent.
    private init?(_ entry: UnsafeMutablePointer<dirent>) {
        let bytes = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: UInt8.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                UnsafeBufferPointer(start: $0, count: strnlen($0, MemoryLayout.size(ofValue: pointer.pointee)))
            }
        }
        let text = String(validating: bytes, as: UTF8.self)
        name = text ?? String(decoding: bytes, as: UTF8.self)
        isText = text != nil
        kind =
            switch Int32(entry.pointee.d_type) {
            case Int32(DT_REG): .file
            case Int32(DT_DIR): .folder
            case Int32(DT_LNK): .link
            case Int32(DT_UNKNOWN): nil
            default: .special
            }
        if name == "." || name == ".." { return nil }
    }
}
