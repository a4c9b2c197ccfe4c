/// The disk as the piece store sees it: the machine's own, or one with faults for tests.
///
/// Every call blocks and belongs on a `BlockingPool`. Errors are `PieceStoreError`.
package protocol FileSystem: Sendable {
    /// Opens a file.
    func open(_ path: String, _ mode: FileMode) throws -> any File
    /// The size of a file in bytes, without opening it.
    func size(of path: String) throws -> Int64
    /// Makes a folder and those above it; an existing one is fine.
    func createFolder(_ path: String) throws
    /// The names in a folder, in no order, without `.` and `..`.
    func list(_ folder: String) throws -> [String]
    /// Replaces `target` by `source` at once.
    func rename(_ source: String, to target: String) throws
    /// Removes a file; its bytes stay readable through handles that are open.
    func remove(_ path: String) throws
    /// Makes creations, renames and removals in a folder durable.
    func synchronizeFolder(_ path: String) throws
    /// Takes a file for this process alone, until the answer is let go or the process ends.
    ///
    /// - Throws: `.closed` when another process has it.
    func lock(_ path: String) throws -> any AnyObject & Sendable
    /// Bytes an unprivileged program may still write on the disk that holds `path`.
    func freeSpace(_ path: String) throws -> Int64
}

/// How a file is opened.
package enum FileMode: Hashable, Sendable {
    /// An existing file, for reading.
    case read
    /// An existing file, for reading and writing.
    case update
    /// A new file, for reading and writing; fails when it exists.
    case create
}

/// An open file; it closes itself when it is let go.
package protocol File: AnyObject, Sendable {
    /// Reads up to `buffer.count` bytes from `offset`; zero means the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int
    /// Writes at least one of the bytes at `offset` and says how many.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws -> Int
    /// Cuts or extends the file to `size` bytes.
    func truncate(to size: Int64) throws
    /// Returns when the bytes and the size of the file are on the disk.
    func synchronize() throws
    /// The size in bytes.
    func size() throws -> Int64
}

extension File {
    /// Writes all bytes, however short each write is.
    package func writeAll(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
        var done = 0
        while done < bytes.count {
            done += try write(UnsafeRawBufferPointer(rebasing: bytes[done...]), at: offset + Int64(done))
        }
    }

    /// Fills the buffer, or as much of it as the file has, and says how much that is.
    package func readFully(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
        var done = 0
        while done < buffer.count {
            let count = try read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]), at: offset + Int64(done))
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// The `count` bytes at `offset`; fewer when the file ends before.
    package func bytes(at offset: Int64, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = try readFully(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
        }
    }
}
