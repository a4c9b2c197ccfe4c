internal import Glibc

/// What tells one state of a file from another.
public struct FileFingerprint: Hashable, Sendable, Codable {
    /// Bytes of content.
    public let size: Int64
    /// The modification time, nanoseconds since 1970.
    public let modified: Int64
    /// The file's number on its device.
    public let inode: UInt64
    /// The device's number.
    public let device: UInt64

    /// The state of a file now.
    ///
    /// - Throws: ``UplinkError/Code/fileSystem`` when there is none, or it is no regular file.
    public init(path: String) throws(UplinkError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw UplinkError(file: path, doing: "read") }
        guard status.isRegularFile else { throw UplinkError(.fileSystem, "\(path) is not a regular file") }
        self.init(status)
    }

    init(_ status: stat) {
        size = Int64(status.st_size)
        let (seconds, overflow) = Int64(status.st_mtim.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        modified = overflow ? 0 : seconds &+ Int64(status.st_mtim.tv_nsec)
        inode = UInt64(status.st_ino)
        device = UInt64(status.st_dev)
    }
}

extension stat {
    /// Whether this is a plain file, not a folder, pipe or device.
    var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
    /// Whether this is a folder.
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
}
