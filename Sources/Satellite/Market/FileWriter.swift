import Foundation

/// Writes a file beside its place and renames it when all of it is on the disk.
///
/// Used by one thread at a time.
final class FileWriter {
    private let path: String
    private var descriptor: Int32
    private var temporary: String { path + ".new" }

    /// Begins a file; its folder is made when it is missing.
    init(path: String) throws(MarketError) {
        self.path = path
        try HeartbeatFolder.create((path as NSString).deletingLastPathComponent)
        descriptor = open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file("make \(path)", errno: errno) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func append(_ bytes: [UInt8]) throws(MarketError) {
        let failure = bytes.withUnsafeBytes { bytes -> Int32? in
            var done = 0
            while done < bytes.count {
                let count = write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return errno }
                done += count
            }
            return nil
        }
        if let failure { throw .file("write \(path)", errno: failure) }
    }

    /// Flushes and renames: the file is there, durably, when it returns.
    func finish() throws(MarketError) {
        guard fsync(descriptor) == 0 else { throw .file("flush \(path)", errno: errno) }
        close(descriptor)
        descriptor = -1
        guard rename(temporary, path) == 0 else { throw .file("rename \(path)", errno: errno) }
        try HeartbeatFolder.flush(folder: (path as NSString).deletingLastPathComponent)
    }
}
