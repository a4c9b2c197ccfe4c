import Foundation

/// What a command needs to know of a local file before it opens it.
package struct FileFacts: Hashable, Sendable {
    /// What kind of thing a path names.
    package enum Kind: Hashable, Sendable {
        case file, folder, link
        /// A pipe, socket or device.
        case special
    }

    /// What it is.
    package let kind: Kind
    /// Bytes of a file.
    package let size: Int64
    /// When its content was last changed.
    package let modified: FileTime

    /// Asks the file system.
    ///
    /// - Parameters:
    ///   - followsLinks: whether a symbolic link stands for what it points to.
    /// - Throws: `FileRefusal`.
    package init(path: String, followsLinks: Bool = true) throws(FileRefusal) {
        var status = stat()
        guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { throw FileRefusal(path: path) }
        self.init(status)
    }

    /// Takes over the system's answer.
    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .special
            }
        size = Int64(status.st_size)
        modified = FileTime(seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int32(status.st_mtim.tv_nsec))
    }
}

/// What the file system said no to.
package struct FileRefusal: Error, Hashable, CustomStringConvertible {
    /// The file or folder.
    package let path: String
    /// The system's error number.
    package let number: Int32

    /// Takes the number from the call that has just failed.
    package init(path: String) {
        self.path = path
        number = errno
    }

    /// Whether there is nothing of that name.
    package var isMissing: Bool { number == ENOENT || number == ENOTDIR }

    /// The system's words for it.
    package var reason: String { String(cString: strerror(number)).lowercased() }

    package var description: String { "\(path.printable): \(reason)" }
}
