import Crypto
package import Foundation
import Installation
package import Uplink

/// Where the checkpoints of uploads that can be continued are kept: a small file each, which only its owner may read.
package struct CheckpointStore: Sendable {
    private let folder: URL

    /// A store in a folder that need not exist.
    package init(folder: URL) {
        self.folder = folder
    }

    /// The store of a person: in XDG_STATE_HOME/storj, or beside the settings.
    package init(environment: CommandEnvironment, configuration: URL) {
        if let path = environment.variable("XDG_STATE_HOME"), path.hasPrefix("/") {
            folder = URL(filePath: path, directoryHint: .isDirectory).appending(path: "storj/uploads", directoryHint: .isDirectory)
        } else {
            folder = configuration.appending(path: "uploads", directoryHint: .isDirectory)
        }
    }

    /// The place for the checkpoint of one upload, held by this process until the slot is gone.
    ///
    /// - Parameters:
    ///   - source: the file's path.
    ///   - grant: the text of the grant; only a hash of it is kept, as part of the file's name.
    /// - Throws: `CommandFailure` when another process holds it, or the folder cannot be used.
    package func slot(source: String, target: RemotePath, grant: String) throws -> Slot {
        let source = URL(filePath: source).standardizedFileURL.path
        let identity = [grant, target.bucket, target.key, source].map { "\($0.utf8.count):\($0)" }.joined()
        let name = SHA256.hash(data: Data(identity.utf8)).prefix(16).map { String(format: "%02x", $0) }.joined()
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(.failure, "the folder for checkpoints cannot be made: \(folder.path): \(error.localizedDescription)")
        }
        return try Slot(file: folder.appending(path: "\(name).json"), source: source)
    }

    /// The place for one checkpoint.
    package final class Slot: Sendable {
        private let file: URL
        private let lock: URL
        /// Its lock ends with the process, however that ends.
        private let descriptor: Int32

        fileprivate init(file: URL, source: String) throws(CommandFailure) {
            self.file = file
            lock = file.deletingPathExtension().appendingPathExtension("lock")
            descriptor = open(lock.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw CommandFailure(.failure, "\(FileRefusal(path: lock.path))")
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                throw CommandFailure(.failure, "another process is uploading \(source) to the same place")
            }
        }

        deinit {
            // A lock is left only for a checkpoint that is.
            if access(file.path, F_OK) != 0 { unlink(lock.path) }
            close(descriptor)
        }

        /// What an earlier run saved; nil when there is nothing that can be used.
        package func load() -> UploadCheckpoint? {
            // A checkpoint that cannot be read is none: the upload starts over.
            guard let data = try? Data(contentsOf: file) else { return nil }
            return try? JSONDecoder().decode(UploadCheckpoint.self, from: data)
        }

        /// Keeps a checkpoint, durably.
        package func save(_ checkpoint: UploadCheckpoint) throws(CommandFailure) {
            do { try SecretFile.write(JSONEncoder().encode(checkpoint), to: file) } catch {
                throw CommandFailure(.failure, "the checkpoint cannot be kept: \(file.path): \(error.localizedDescription)")
            }
        }

        /// Forgets the checkpoint.
        package func clear() {
            unlink(file.path)
        }
    }
}
