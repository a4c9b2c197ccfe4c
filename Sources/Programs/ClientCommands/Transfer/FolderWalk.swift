import Foundation

/// The files below a folder, one after another, in the order of their names; no more than one folder's names at each level are
/// in memory.
///
/// Symbolic links to files are followed, those to folders are not (they can form circles) and are reported, as are pipes,
/// sockets, devices, names that are not UTF-8 (no key can say them) and folders that cannot be read. Temporaries of transfers
/// are left out.
package struct FolderWalk: Sequence, Sendable {
    /// What the walk comes across.
    package enum Item: Hashable, Sendable {
        /// A file.
        case file(RelativeName, FileFacts)
        /// Something that does not take part, and why.
        case skipped(RelativeName, reason: String)
        /// Something that should take part but cannot be read, and why.
        case failed(RelativeName, reason: String)
    }

    /// The folder.
    package let folder: String
    /// Which names take part.
    package let filter: NameFilter

    /// A walk that has not started yet.
    package init(folder: String, filter: NameFilter = .everything) {
        self.folder = folder
        self.filter = filter
    }

    package func makeIterator() -> Iterator { Iterator(walk: self) }

    /// Where a walk is.
    package struct Iterator: IteratorProtocol {
        private let walk: FolderWalk
        /// The folders that the walk is in, the outermost first, each with the names still to come, the next one last.
        private var levels: [(name: RelativeName, path: String, entries: [FolderEntry])] = []
        private var hasStarted = false

        init(walk: FolderWalk) {
            self.walk = walk
        }

        /// The next file, or nil at the end.
        package mutating func next() -> Item? {
            if !hasStarted {
                hasStarted = true
                if let failure = enter(RelativeName(""), path: walk.folder) { return failure }
            }
            while let level = levels.last {
                guard let entry = levels[levels.count - 1].entries.popLast() else {
                    levels.removeLast()
                    continue
                }
                if let item = look(at: entry, in: level.name, path: level.path) { return item }
            }
            return nil
        }

        /// Looks at one name; nil when there is nothing to tell of it itself.
        private mutating func look(at entry: FolderEntry, in folder: RelativeName, path: String) -> Item? {
            let name = folder.appending(entry.name)
            let path = path.utf8.last == UInt8(ascii: "/") ? path + entry.name : path + "/" + entry.name
            guard entry.isText else { return .failed(name, reason: "its name is not UTF-8, so no key can have it") }
            if PartialFile.isOne(entry.name) { return nil }
            if entry.kind == .folder {
                return walk.filter.excludes(folder: name) ? nil : enter(name, path: path)
            }
            guard walk.filter.admits(name) else { return nil }
            do {
                let facts = try FileFacts(path: path)
                switch facts.kind {
                case .file: return .file(name, facts)
                case .folder where entry.kind == .link:
                    return .skipped(name, reason: "it is a symbolic link to a folder")
                case .folder: return enter(name, path: path)
                case .link, .special: return .skipped(name, reason: "it is neither a file nor a folder")
                }
            } catch {
                // A file that went away since its folder was read is none that should have been transferred.
                return error.isMissing && entry.kind != .link ? nil : .failed(name, reason: error.reason)
            }
        }

        /// Goes into a folder; an item when it cannot be read.
        private mutating func enter(_ name: RelativeName, path: String) -> Item? {
            do {
                levels.append((name, path, try FolderEntry.entries(of: path).reversed()))
                return nil
            } catch {
                return .failed(name, reason: error.reason)
            }
        }
    }
}
