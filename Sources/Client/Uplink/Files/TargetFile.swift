internal import Glibc
internal import NIOCore

/// A file that is being downloaded: written under another name beside its target, and renamed when it is complete.
///
/// Sendable: writes go to places of their own. All functions block.
final class TargetFile: Sendable {

    /// Where the file will be.
    let path: String
    /// Where it is now.
    let temporaryPath: String
    private let descriptor: Int32
    private let options: FileDownloadOptions

    /// Creates an empty temporary file and makes sure that there is room.
    ///
    /// - Parameter size: bytes that will be written.
    /// - Throws: ``UplinkError/Code/fileSystem``.
    init(path: String, size: Int64, options: FileDownloadOptions) throws(UplinkError) {
        let path = try Self.checked(path, options)
        self.path = path
        self.options = options
        temporaryPath = Self.sibling(of: path, ".\(UInt64.random(in: 0...UInt64.max)).storj-part")
        descriptor = Glibc.open(
            temporaryPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(options.permissions ?? 0o666))
        guard descriptor >= 0 else { throw UplinkError(file: path, doing: "write") }
        do { try checkRoom(for: size) } catch {
            discard()
            throw error
        }
    }

    /// Takes over a file that is open under a name beside its target.
    init(path: String, temporaryPath: String, descriptor: Int32, options: FileDownloadOptions) {
        self.path = path
        self.temporaryPath = temporaryPath
        self.descriptor = descriptor
        self.options = options
    }

    deinit { close(descriptor) }

    /// Writes a whole small file and gives it its name.
    ///
    /// - Parameter modified: its modification time, nanoseconds since 1970; nil for now.
    /// - Throws: ``UplinkError/Code/fileSystem``; nothing is left then.
    static func write(
        _ content: ByteBuffer, to path: String, modified: Int64?, options: FileDownloadOptions
    ) throws(UplinkError) {
        let file = try TargetFile(path: path, size: 0, options: options)
        do {
            try file.write(content, at: 0)
            try file.finish(modified: modified)
        } catch {
            file.discard()
            throw error
        }
    }

    /// Where a file will really be: behind links.
    ///
    /// - Throws: ``UplinkError/Code/fileSystem`` when something is there that must not be replaced by a file.
    static func checked(_ path: String, _ options: FileDownloadOptions) throws(UplinkError) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return path }
        if status.isDirectory { throw UplinkError(.fileSystem, "cannot write \(path): it is a folder") }
        if !status.isRegularFile {
            throw UplinkError(
                .fileSystem, "cannot write \(path): it is a pipe or device", advice: "Write to standard output instead")
        }
        if !options.overwrites { throw UplinkError(.fileSystem, "cannot write \(path): it exists") }
        var link = stat()
        guard lstat(path, &link) == 0, link.st_mode & S_IFMT == S_IFLNK, let real = realpath(path, nil) else {
            return path
        }
        defer { free(real) }
        return String(cString: real)
    }

    /// A name beside a path: hidden, and short enough for every file system.
    static func sibling(of path: String, _ suffix: String) -> String {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? ""
        var name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        while name.utf8.count > 200 { name.removeLast() }
        return "\(folder).\(name)\(suffix)"
    }

    /// Makes sure that there is room for the whole file, so that a full disk shows before anything is fetched.
    func checkRoom(for size: Int64) throws(UplinkError) {
        var system = statvfs()
        // A file system that cannot tell will say so when it is full.
        guard size > 0, fstatvfs(descriptor, &system) == 0, system.f_blocks > 0 else { return }
        let free = UInt64(system.f_bavail).multipliedReportingOverflow(by: UInt64(system.f_frsize))
        if !free.overflow, free.partialValue < UInt64(size) {
            throw UplinkError(file: path, doing: "find room for \(size) bytes at", ENOSPC)
        }
    }

    /// Writes all readable bytes of a buffer.
    func write(_ buffer: ByteBuffer, at offset: Int64) throws(UplinkError) {
        var failure: Int32?
        buffer.withUnsafeReadableBytes { bytes in
            var count = 0
            while count < bytes.count {
                let result = pwrite(
                    descriptor, bytes.baseAddress! + count, bytes.count - count, off_t(offset) + count)
                if result < 0 {
                    if errno == EINTR { continue }
                    failure = errno
                    return
                }
                count += result
            }
        }
        if let failure { throw UplinkError(file: path, doing: "write", failure) }
    }

    /// Waits until what was written is on the disk.
    func synchronize() throws(UplinkError) {
        guard fdatasync(descriptor) == 0 else { throw UplinkError(file: path, doing: "write") }
    }

    /// Gives the complete file its name.
    ///
    /// - Parameter modified: its modification time, nanoseconds since 1970; nil for now.
    func finish(modified: Int64?) throws(UplinkError) {
        setAttributes(modified)
        if options.syncs, fsync(descriptor) != 0 { throw UplinkError(file: path, doing: "write") }
        if options.overwrites {
            guard rename(temporaryPath, path) == 0 else { throw UplinkError(file: path, doing: "write") }
        } else {
            guard link(temporaryPath, path) == 0 else { throw UplinkError(file: path, doing: "write") }
            unlink(temporaryPath)
        }
        if options.syncs { synchronizeFolder() }
    }

    private func setAttributes(_ modified: Int64?) {
        // A file that cannot keep its attributes still has the right content.
        if let permissions = options.permissions {
            fchmod(descriptor, mode_t(permissions))
        } else {
            var status = stat()
            if stat(path, &status) == 0 { fchmod(descriptor, status.st_mode & 0o7777) }
        }
        if let modified {
            let (seconds, rest) = modified.quotientAndRemainder(dividingBy: 1_000_000_000)
            let time =
                rest < 0
                ? timespec(tv_sec: Int(seconds - 1), tv_nsec: Int(rest + 1_000_000_000))
                : timespec(tv_sec: Int(seconds), tv_nsec: Int(rest))
            _ = [time, time].withUnsafeBufferPointer { futimens(descriptor, $0.baseAddress) }
        }
    }

    /// Makes the new name survive a loss of power.
    private func synchronizeFolder() {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Removes the temporary file.
    func discard() { unlink(temporaryPath) }
}
