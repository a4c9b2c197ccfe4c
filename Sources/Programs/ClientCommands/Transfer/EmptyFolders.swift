import Foundation

/// Tidies up where files were moved away.
enum EmptyFolders {
    /// Removes a folder and those in it, as far as there is nothing else in them.
    static func remove(in folder: String) {
        // What cannot be read or removed stays; nothing is lost by that.
        guard let entries = try? FolderEntry.entries(of: folder) else { return }
        for entry in entries where entry.isText && entry.kind == .folder {
            remove(in: folder + "/" + entry.name)
        }
        rmdir(folder)
    }
}
