import Foundation
import Synchronization

/// Makes the folders that downloaded files need, each once.
package final class LocalFolders: Sendable {
    private let made = Mutex<Set<String>>([])

    /// Nothing is made yet.
    package init() {}

    /// Makes sure that the folder a file is to be put into exists.
    ///
    /// - Throws: `FileRefusal`.
    package func make(parentOf path: String) throws(FileRefusal) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else { return }
        try make(String(path[..<slash]))
    }

    /// Makes sure that a folder exists, and those it is in.
    ///
    /// - Throws: `FileRefusal`.
    package func make(_ folder: String) throws(FileRefusal) {
        if made.withLock({ $0.contains(folder) }) { return }
        if mkdir(folder, 0o777) != 0 {
            if errno == ENOENT {
                try make(parentOf: folder)
                guard mkdir(folder, 0o777) == 0 || errno == EEXIST else { throw FileRefusal(path: folder) }
            } else if errno != EEXIST {
                throw FileRefusal(path: folder)
            }
        }
        made.withLock { _ = $0.insert(folder) }
    }

    /// Removes a folder and those it is in, up to a root that stays, as far as they are empty.
    package static func prune(_ folder: String, upTo root: String) {
        var folder = folder
        while folder.utf8.count > root.utf8.count, rmdir(folder) == 0 {
            guard let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/")) else { return }
            folder = String(folder[..<slash])
        }
    }
}
