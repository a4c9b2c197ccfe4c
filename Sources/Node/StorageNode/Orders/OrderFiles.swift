import PieceStore
import StorageModel

/// The files that orders are being appended to; blocks, and is used by one thread at a time.
struct OrderFiles {
    private struct OpenFile {
        let file: any File
        var size: Int64
        var isDirty = false
    }

    /// The pause between two synchronizations while orders come.
    private static let synchronizationPause = Duration.seconds(5)
    /// Open files; more are closed and opened again.
    private static let maximumOpen = 32

    private var open: [OrderWindow: OpenFile] = [:]
    private var lastSynchronization: Timestamp?
    /// Whether a file was made whose name is not durable yet.
    var hasNewNames = false

    /// Appends to a window's file, making it with its header when it does not exist.
    mutating func append(
        _ bytes: [UInt8], to window: OrderWindow, path: String, fileSystem: any FileSystem, now: Timestamp
    ) throws {
        var target = try open[window] ?? openFile(window, path, fileSystem)
        let content = target.size == 0 ? OrderFile.header(window) + bytes : bytes
        do {
            try content.withUnsafeBytes { try target.file.writeAll($0, at: target.size) }
        } catch {
            // What is there now is unknown; the next append looks again, and the reader skips a torn entry.
            open[window] = nil
            throw error
        }
        target.size += Int64(content.count)
        target.isDirty = true
        open[window] = target
        if let last = lastSynchronization, now < last.advanced(by: Self.synchronizationPause), now >= last { return }
        try synchronize()
        lastSynchronization = now
    }

    /// Makes what was written durable.
    mutating func synchronize() throws {
        for (window, file) in open where file.isDirty {
            try file.file.synchronize()
            open[window]?.isDirty = false
        }
    }

    /// Lets go of a window's file.
    mutating func release(_ window: OrderWindow) { open[window] = nil }

    private mutating func openFile(
        _ window: OrderWindow, _ path: String, _ fileSystem: any FileSystem
    ) throws -> OpenFile {
        if open.count >= Self.maximumOpen {
            try synchronize()
            open.removeAll()
        }
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let folder = String(path.dropLast(name.count + 1))
        let exists = try fileSystem.list(folder).contains(name)
        let file = try fileSystem.open(path, exists ? .update : .create)
        hasNewNames = hasNewNames || !exists
        return OpenFile(file: file, size: try file.size())
    }
}
