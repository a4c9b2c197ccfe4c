package import Logging
package import StorageModel
import Synchronization

/// The pieces a node stores, by satellite, on one disk.
///
/// Pieces stand in append-only logs, each followed by a trailer that says all about it; a compact index, in memory
/// and in a file, says where. What was acknowledged is on the disk; the index can be made again from the logs, in
/// which case the trash is live again. Nothing here walks directories to answer a question.
package final class PieceStore: Sendable {
    let settings: PieceStoreSettings
    let pool: BlockingPool
    let clock: WallClock
    let staging: StagingPool
    private let folder: String
    private let fileSystem: any FileSystem
    private let random: RandomSource
    private let logger: Logger
    private let stores: Mutex<[NodeID: SatelliteStore]>
    /// Held while a store is opened: opening one twice would break it.
    private let opening = Mutex(())
    /// Keeps other processes away from the folder.
    private let lock = Mutex<(any AnyObject & Sendable)?>(nil)

    /// Opens the stores in `folder`, making the folder when it does not exist, and recovers what a crash left.
    ///
    /// `folder` is an absolute path, used by one process at a time.
    /// - Throws: `PieceStoreError` when the disk fails, or when another process has the folder (`.closed`).
    package static func open(
        folder: String, fileSystem: any FileSystem = DiskFileSystem(), pool: BlockingPool,
        settings: PieceStoreSettings = PieceStoreSettings(), clock: WallClock, random: RandomSource, logger: Logger
    ) async throws -> PieceStore {
        let store = PieceStore(
            folder: folder, fileSystem: fileSystem, pool: pool, settings: settings, clock: clock, random: random,
            logger: logger)
        try await pool.run {
            try fileSystem.createFolder(folder)
            try fileSystem.synchronizeFolder(parent(of: folder))
            let lock = try fileSystem.lock("\(folder)/lock")
            store.lock.withLock { $0 = lock }
            for name in try fileSystem.list(folder) {
                guard let satellite = SatelliteStore.satellite(folderName: name) else { continue }
                _ = try store.makeSatelliteStore(satellite)
            }
        }
        return store
    }

    private init(
        folder: String, fileSystem: any FileSystem, pool: BlockingPool, settings: PieceStoreSettings, clock: WallClock,
        random: RandomSource, logger: Logger
    ) {
        precondition(settings.maximumPieceSize <= 1 << 30, "a trailer's length field allows pieces of 1 GiB")
        precondition(settings.maximumLogSize <= 128 << 30, "an index record's offset allows logs of 128 GiB")
        self.folder = folder
        self.fileSystem = fileSystem
        self.pool = pool
        self.settings = settings
        self.clock = clock
        self.random = random
        self.logger = logger
        staging = StagingPool(largeSize: settings.stagingSize)
        stores = Mutex([:])
    }

    // MARK: Pieces

    /// Begins to take a piece; nothing touches the disk yet.
    package func beginPiece(
        satellite: NodeID, pieceID: PieceID, algorithm: StoredHashAlgorithm, expires: Timestamp?
    ) -> PieceWriter {
        PieceWriter(store: self, satellite: satellite, pieceID: pieceID, algorithm: algorithm, expires: expires)
    }

    /// Opens a piece for reading. One in the trash is taken out of it first, durably.
    ///
    /// - Parameters:
    ///   - expecting: bytes that will certainly be read first; as far as the piece has them, and up to 256 KiB, they are
    ///     fetched in the same hop to the pool.
    ///   - restoring: false leaves a piece from the trash there, for those who only look.
    /// - Throws: `PieceStoreError`: `.notFound` only when the index is whole and has no such piece.
    package func openPiece(
        satellite: NodeID, pieceID: PieceID, expecting: Range<Int64>? = nil, restoring: Bool = true
    ) async throws -> PieceReader {
        guard let store = satelliteStore(satellite) else {
            throw PieceStoreError(.notFound, "piece \(pieceID) is not stored")
        }
        let pool = pool
        return try await pool.run {
            let (trailer, file, offset, wasTrashed) = try store.read(pieceID, restoring: restoring)
            return PieceReader(
                trailer: trailer, file: file, offset: offset, restoredFromTrash: wasTrashed, expecting: expecting,
                pool: pool)
        }
    }

    // MARK: Bad pieces

    /// Whether the index has a piece, in the trash or not; asks no disk.
    package func isStored(satellite: NodeID, pieceID: PieceID) -> Bool {
        satelliteStore(satellite)?.state.withLock { $0.table[pieceID] != nil } ?? false
    }

    /// Reads all of a piece again; nil when it is as it was stored, or is not there.
    ///
    /// - Throws: `PieceStoreError` when the store is closed.
    package func fault(satellite: NodeID, pieceID: PieceID) async throws -> PieceFault? {
        guard let store = satelliteStore(satellite),
            let record = store.state.withLock({ $0.table[pieceID] })
        else { return nil }
        return try await pool.run { try store.fault(of: record) }
    }

    /// Forgets pieces that cannot be served any more, durably, so that repaired copies can come; how many were there.
    package func discard(satellite: NodeID, pieces: [PieceID]) async throws -> Int {
        guard let store = satelliteStore(satellite) else { return 0 }
        return try await pool.run { try store.discard(pieces) }
    }

    /// Some of the pieces that were broken, or whose logs were gone, when the store was opened: about `limit` at a time,
    /// until they are discarded.
    package func lostPieces(limit: Int = 16 << 10) async throws -> [BadPiece] {
        for store in satelliteStores {
            let lost = try await pool.run { store.lostPieces(limit: limit) }
            if !lost.isEmpty {
                return lost.map { BadPiece(satellite: store.satellite, pieceID: $0, fault: .lost) }
            }
        }
        return []
    }

    /// Deletes everything of a satellite for good; repeating it after a crash finishes it.
    package func deleteAll(of satellite: NodeID) async throws {
        guard let store = stores.withLock({ $0.removeValue(forKey: satellite) }) else { return }
        do { try await pool.run { try store.deleteAll() } } catch {
            // What is left is still there to be deleted.
            stores.withLock { if $0[satellite] == nil { $0[satellite] = store } }
            throw error
        }
    }

    /// The satellites that have pieces here, ordered by id.
    package var satellites: [NodeID] { stores.withLock { $0.keys.sorted() } }

    // MARK: Upkeep

    /// Puts pieces of a satellite in the trash: those committed before `createdBefore` and certainly not in `filter`.
    package func retain(
        satellite: NodeID, filter: BloomFilter, createdBefore: Timestamp
    ) async throws -> RetainResult {
        guard let store = satelliteStore(satellite) else { return RetainResult() }
        let now = clock.now()
        return try await pool.run { try store.retain(filter: filter, createdBefore: createdBefore, now: now) }
    }

    /// Takes all pieces of a satellite out of the trash; how many there were.
    package func restoreTrash(satellite: NodeID) async throws -> Int {
        guard let store = satelliteStore(satellite) else { return 0 }
        return try await pool.run { try store.restoreTrash() }
    }

    /// Deletes what is over and gives back the space of what was deleted; to be called hourly.
    package func maintain() async throws -> MaintenanceReport {
        let now = clock.now()
        var report = MaintenanceReport()
        for store in stores.withLock({ Array($0.values) }) {
            report = report + (try await pool.run { try store.maintain(now: now) })
        }
        return report
    }

    /// Makes the indexes durable, so that the next start has nothing to search for in the logs.
    ///
    /// Nothing acknowledged depends on it. Transfers should have ended; the pool is the caller's to stop.
    package func close() async {
        for store in stores.withLock({ Array($0.values) }) {
            do { try await pool.run { try store.index.withLock { try $0.synchronize() } } } catch {
                logger.warning("an index could not be synchronized", metadata: ["error": "\(error)"])
            }
        }
    }

    // MARK: Space

    /// What all satellites' pieces take, from sums held in memory.
    package var usage: StorageUsage {
        stores.withLock { Array($0.values) }.reduce(StorageUsage()) { $0 + $1.usage }
    }

    /// What one satellite's pieces take.
    package func usage(of satellite: NodeID) -> StorageUsage {
        satelliteStore(satellite)?.usage ?? StorageUsage()
    }

    /// Bytes that may still be written on the disk.
    package func freeDiskSpace() async throws -> Int64 {
        try await pool.run { [fileSystem, folder] in try fileSystem.freeSpace(folder) }
    }

    // MARK: Satellites' stores

    /// The store of a satellite that has one.
    func satelliteStore(_ satellite: NodeID) -> SatelliteStore? {
        stores.withLock { $0[satellite] }
    }

    /// All satellites' stores.
    var satelliteStores: [SatelliteStore] { stores.withLock { Array($0.values) } }

    /// The store of a satellite, opened or made; blocks.
    func makeSatelliteStore(_ satellite: NodeID) throws -> SatelliteStore {
        if let store = satelliteStore(satellite) { return store }
        return try opening.withLock { _ in
            if let store = satelliteStore(satellite) { return store }
            let store = try SatelliteStore.open(
                satellite: satellite, root: folder, fileSystem: fileSystem, settings: settings, random: random,
                logger: logger)
            stores.withLock { $0[satellite] = store }
            return store
        }
    }

    /// Queues a small piece and sees to it that the queue is worked on.
    func enqueue(_ pending: PendingPiece, in store: SatelliteStore) {
        let mustStart = store.batches.withLock { queue in
            queue.waiting.append(pending)
            defer { queue.isRunning = true }
            return !queue.isRunning
        }
        guard mustStart, !pool.enqueue({ store.commitWaiting() }) else { return }
        let refused = store.batches.withLock { queue in
            defer { queue = BatchQueue() }
            return queue.waiting
        }
        for pending in refused {
            pending.continuation.resume(throwing: PieceStoreError(.closed, "the disk threads are stopped"))
        }
    }
}

/// The folder that holds a folder.
private func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
}
