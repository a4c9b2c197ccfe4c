import Chores
import Foundation
import Logging
import PieceStore
import ServiceLifecycle
import StorageModel

/// Stops the node when its folder is not the one it should be, so that a lost mount is never answered as lost pieces.
///
/// The folder holds a file with the node's id. It is made once, when the folder is still empty of pieces; from then
/// on its absence means that the wrong thing is mounted.
/// - Source: protocol document 3 §3.8.
struct DiskCheck: Sendable {
    /// Why the folder cannot be used.
    enum Failure: Error, Equatable, CustomStringConvertible {
        /// The file is gone or unreadable.
        case unreadable(path: String)
        /// The file belongs to another node.
        case otherNode(path: String)
        /// Nothing can be written.
        case unwritable(folder: String, reason: String)

        var description: String {
            switch self {
            case .unreadable(let path):
                "\(path) cannot be read: the disk may not be mounted; the node stops rather than lose its reputation"
            case .otherNode(let path): "\(path) belongs to another node: is this the right folder?"
            case .unwritable(let folder, let reason): "nothing can be written in \(folder): \(reason)"
            }
        }
    }

    private let folder: URL
    private let node: NodeID
    private let pool: BlockingPool

    /// The check of `folder` for node `node`; file work runs on `pool`.
    init(folder: String, node: NodeID, pool: BlockingPool) {
        self.folder = URL(filePath: folder, directoryHint: .isDirectory)
        self.node = node
        self.pool = pool
    }

    private var file: URL { folder.appending(path: "storage-dir-verification") }

    /// Makes the file in a folder that holds nothing yet, and checks it in any other.
    ///
    /// - Throws: `Failure`.
    func prepare() async throws {
        let needsFile = try await pool.run { [folder, file] in
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            if FileManager.default.fileExists(atPath: file.path) { return false }
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty
        }
        if needsFile {
            try await pool.run { [file, node] in try Data(node.bytes).write(to: file, options: .atomic) }
        }
        try await checkReadable()
    }

    /// Reads the file.
    ///
    /// - Throws: `Failure`.
    func checkReadable() async throws {
        try await pool.run { [file, node] in
            guard let data = try? Data(contentsOf: file) else {
                // Whatever the reason, a file that cannot be read is what this check looks for.
                throw Failure.unreadable(path: file.path)
            }
            guard Array(data) == node.bytes else { throw Failure.otherNode(path: file.path) }
        }
    }

    /// Writes and removes a small file.
    ///
    /// - Throws: `Failure`.
    func checkWritable() async throws {
        try await pool.run { [folder] in
            let probe = folder.appending(path: "write-check")
            do {
                try Data("ok".utf8).write(to: probe)
                try FileManager.default.removeItem(at: probe)
            } catch {
                throw Failure.unwritable(folder: folder.path, reason: error.localizedDescription)
            }
        }
    }
}

/// Repeats a check until it fails, which ends the service and with it the node.
struct RepeatedCheck: Service {
    /// The pause between two checks.
    let interval: Duration
    /// How to wait.
    let sleeper: Sleeper
    /// The check.
    let check: @Sendable () async throws -> Void

    func run() async throws {
        while await pause() { try await check() }
    }

    private func pause() async -> Bool {
        await cancelWhenGracefulShutdown {
            // A cut sleep is the request to stop.
            do { try await sleeper.sleep(interval) } catch { return false }
            return true
        }
    }
}
