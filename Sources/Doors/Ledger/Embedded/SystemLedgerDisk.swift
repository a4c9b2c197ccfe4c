import Glibc

/// The machine's own disk.
package struct SystemLedgerDisk: LedgerDisk {
    /// The disk of this machine.
    package init() {}

    package func open(_ path: String) throws(LedgerError) -> any LedgerFile {
        let file = try SystemLedgerFile(path, O_RDWR | O_CREAT)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw .system("lock", path) }
            throw .file("\(path) is held by another process: does the program run already?")
        }
        return file
    }

    package func openForReading(_ path: String) throws(LedgerError) -> any LedgerFile {
        try SystemLedgerFile(path, O_RDONLY)
    }

    package func createFolder(_ path: String) throws(LedgerError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .system("make folder", path)
        }
        try createFolder(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .system("make folder", path) }
    }

    package func synchronizeFolder(_ path: String) throws(LedgerError) {
        let folder = try SystemLedgerFile(path, O_RDONLY | O_DIRECTORY)
        guard fsync(folder.descriptor) == 0 else { throw .system("synchronize", path) }
    }
}

/// A file of the machine's own disk.
private final class SystemLedgerFile: LedgerFile {
    let descriptor: Int32
    private let path: String

    init(_ path: String, _ flags: Int32) throws(LedgerError) {
        self.path = path
        descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("open", path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func size() throws(LedgerError) -> UInt64 {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw .system("measure", path) }
        return UInt64(facts.st_size)
    }

    func read(at offset: UInt64, count: Int) throws(LedgerError) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let result = pread(
                    descriptor, buffer.baseAddress?.advanced(by: initialized), count - initialized,
                    off_t(offset) + off_t(initialized))
                if result < 0, errno == EINTR { continue }
                failed = result < 0
                if result <= 0 { return }
                initialized += result
            }
        }
        guard !failed else { throw .system("read", path) }
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: UInt64) throws(LedgerError) {
        let isWritten = bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let result = pwrite(
                    descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset) + off_t(done))
                if result < 0, errno == EINTR { continue }
                if result <= 0 { return false }
                done += result
            }
            return true
        }
        guard isWritten else { throw .system("write", path) }
    }

    func truncate(to size: UInt64) throws(LedgerError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw .system("cut", path) }
    }

    func synchronize() throws(LedgerError) {
        guard fdatasync(descriptor) == 0 else { throw .system("synchronize", path) }
    }
}

extension LedgerError {
    /// The error of the call that just failed.
    fileprivate static func system(_ verb: String, _ path: String) -> LedgerError {
        .file("cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
