package import PieceStore
package import StorageModel
import Synchronization

/// Whether the node takes no new pieces because its farmer wants to work on it; kept on the disk until it is undone.
package final class DrainSwitch: Sendable {
    private struct Saved: Codable {
        var sinceMicroseconds: Int64
    }

    private let file: StateFile<Saved>
    private let pool: BlockingPool
    private let clock: WallClock
    private let began: Mutex<Timestamp?>

    /// The switch as it was left in `folder`, which must exist.
    ///
    /// - Throws: `PieceStoreError` when the disk fails or the file is damaged.
    package init(
        folder: String, fileSystem: any FileSystem = DiskFileSystem(), pool: BlockingPool, clock: WallClock
    ) throws {
        file = StateFile(folder: folder, name: "drain.json", fileSystem: fileSystem)
        self.pool = pool
        self.clock = clock
        began = Mutex(try file.load().map { Timestamp(microseconds: $0.sinceMicroseconds) })
    }

    /// Since when no new pieces are taken; nil when they are.
    package var since: Timestamp? { began.withLock { $0 } }

    /// Takes no new pieces from now on, also after a restart. Repeating it changes nothing.
    package func drain() async throws {
        let now = clock.now()
        try await pool.run { [self] in
            guard began.withLock({ $0 }) == nil else { return }
            try file.save(Saved(sinceMicroseconds: now.microseconds))
            began.withLock { $0 = now }
        }
    }

    /// Takes new pieces again.
    package func undrain() async throws {
        try await pool.run { [self] in
            try file.remove()
            began.withLock { $0 = nil }
        }
    }
}
