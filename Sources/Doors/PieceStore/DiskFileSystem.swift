import Glibc

/// The machine's own disk.
package struct DiskFileSystem: FileSystem {
    /// The disk of this machine.
    package init() {}

    package func open(_ path: String, _ mode: FileMode) throws -> any File {
        let flags: Int32 =
            switch mode {
            case .read: O_RDONLY
            case .update: O_RDWR
            case .create: O_RDWR | O_CREAT | O_EXCL
            }
        let descriptor = try retrying("open", path) { Glibc.open(path, flags | O_CLOEXEC, 0o600) }
        return DiskFile(descriptor: descriptor, path: path)
    }

    package func size(of path: String) throws -> Int64 {
        var facts = stat()
        _ = try retrying("measure", path) { stat(path, &facts) }
        return Int64(facts.st_size)
    }

    package func createFolder(_ path: String) throws {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw systemError("create folder", path)
        }
        try createFolder(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw systemError("create folder", path) }
    }

    package func list(_ folder: String) throws -> [String] {
        guard let stream = opendir(folder) else { throw systemError("list", folder) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw systemError("list", folder) }
        return names
    }

    package func rename(_ source: String, to target: String) throws {
        guard Glibc.rename(source, target) == 0 else { throw systemError("rename", source) }
    }

    package func remove(_ path: String) throws {
        guard unlink(path) == 0 else { throw systemError("remove", path) }
    }

    package func synchronizeFolder(_ path: String) throws {
        let descriptor = try retrying("open", path) { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw systemError("synchronize", path) }
    }

    package func lock(_ path: String) throws -> any AnyObject & Sendable {
        let descriptor = try retrying("open", path) { Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        let file = DiskFile(descriptor: descriptor, path: path)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw systemError("lock", path) }
            throw PieceStoreError(.closed, "\(path) is held by another process: does the node run already?")
        }
        return file
    }

    package func freeSpace(_ path: String) throws -> Int64 {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { throw systemError("measure", path) }
        let (bytes, overflow) = UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize))
        return overflow ? .max : Int64(clamping: bytes)
    }
}

/// A file of the machine's own disk.
private final class DiskFile: File {
    private let descriptor: Int32
    private let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
        try Int(retrying("read", path) { pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) })
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws -> Int {
        try Int(retrying("write", path) { pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset)) })
    }

    func truncate(to size: Int64) throws {
        _ = try retrying("truncate", path) { ftruncate(descriptor, off_t(size)) }
    }

    func synchronize() throws {
        _ = try retrying("synchronize", path) { fdatasync(descriptor) }
    }

    func size() throws -> Int64 {
        var facts = stat()
        _ = try retrying("measure", path) { fstat(descriptor, &facts) }
        return Int64(facts.st_size)
    }
}

/// Repeats a call that a signal interrupted; a negative result becomes an error.
private func retrying<Result: FixedWidthInteger & SignedInteger>(
    _ verb: String, _ path: String, _ call: () -> Result
) throws -> Result {
    while true {
        let result = call()
        if result >= 0 { return result }
        if errno != EINTR { throw systemError(verb, path) }
    }
}

/// The error of the call that just failed, as a caller of the store should see it.
private func systemError(_ verb: String, _ path: String) -> PieceStoreError {
    let number = errno
    let code: PieceStoreError.Code =
        switch number {
        case ENOSPC, EDQUOT: .noSpace
        case ENOENT: .missingFile
        default: .system(number)
        }
    return PieceStoreError(code, "cannot \(verb) \(path): \(String(cString: strerror(number)))")
}
