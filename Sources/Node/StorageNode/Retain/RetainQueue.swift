import Foundation
package import Logging
package import PieceStore
package import StorageModel
import Synchronization
package import WireMessages

/// The filters that wait to be applied, at most one for each satellite, kept in files so that a restart loses none.
///
/// - Source: protocol document 3 §3.6.
package final class RetainQueue: Sendable {
    /// Pieces younger than this at the filter's creation are kept in any case: clocks differ, uploads take time.
    package static let skew = Duration.seconds(72 * 3600)

    private let folder: String
    private let fileSystem: any FileSystem
    private let pool: BlockingPool
    private let store: PieceStore
    private let minimumAge: Duration
    private let clock: WallClock
    private let logger: Logger
    /// The creation date of the waiting filter of each satellite.
    private let waiting = Mutex<[NodeID: Timestamp]>([:])

    /// Opens the queue in `folder`, making the folder when it does not exist; filters from before are in it.
    ///
    /// - Parameter minimumAge: pieces that were younger at the filter's creation are kept in any case.
    /// - Throws: `PieceStoreError` when the disk fails.
    package init(
        folder: String, fileSystem: any FileSystem = DiskFileSystem(), pool: BlockingPool, store: PieceStore,
        minimumAge: Duration = RetainQueue.skew, clock: WallClock, logger: Logger
    ) throws {
        self.folder = folder
        self.fileSystem = fileSystem
        self.pool = pool
        self.store = store
        self.minimumAge = minimumAge
        self.clock = clock
        self.logger = logger
        try fileSystem.createFolder(folder)
        for name in try fileSystem.list(folder) {
            guard name.hasSuffix(".filter"), let satellite = try? NodeID(text: String(name.dropLast(7))) else {
                continue
            }
            do {
                let request = try Self.read(fileSystem, path(satellite))
                waiting.withLock { $0[satellite] = request.created }
            } catch let error as PieceStoreError { throw error } catch {
                // The satellite sends another one; a filter that cannot be trusted must not delete anything.
                logger.error("saved filter is damaged, it is dropped", metadata: ["satellite": "\(satellite)"])
                try fileSystem.remove(path(satellite))
            }
        }
    }

    /// Takes a filter, durably; it replaces an older one of the same satellite.
    ///
    /// - Throws: `RPCStatusError` code 9 when a newer one waits already, `PieceStoreError` when the disk fails.
    package func add(_ message: Piecestore_RetainRequest, _ request: RetainRequest, satellite: NodeID) async throws {
        var saved = message
        saved.hashAlgorithm = .blake3
        saved.hash = Data(request.filterHash)
        let bytes = try saved.encoded()
        let path = path(satellite)
        try await pool.run { [self] in
            // Held while the file is written, so that file and table agree.
            try waiting.withLock { waiting in
                if let current = waiting[satellite], current > request.created {
                    throw RPCStatusError(.failedPrecondition, "a newer filter is waiting")
                }
                try Self.write(bytes, fileSystem, path, folder: folder)
                waiting[satellite] = request.created
            }
        }
    }

    /// Drops the waiting filter of a satellite.
    package func drop(satellite: NodeID) async throws {
        let path = path(satellite)
        try await pool.run { [self] in
            try waiting.withLock { waiting in
                guard waiting[satellite] != nil else { return }
                try fileSystem.remove(path)
                waiting[satellite] = nil
            }
        }
    }

    /// Applies all waiting filters, one after the other.
    package func applyAll() async throws {
        for satellite in waiting.withLock({ $0.keys.sorted() }) {
            let path = path(satellite)
            let request = try await pool.run { [fileSystem] in try Self.read(fileSystem, path) }
            // A satellite whose clock runs ahead must not make the pieces of this hour look old.
            let created = min(request.created, clock.now())
            let result = try await store.retain(
                satellite: satellite, filter: request.filter,
                createdBefore: created.advanced(by: .zero - minimumAge))
            logger.info(
                "garbage collected",
                metadata: [
                    "satellite": "\(satellite)", "examined": "\(result.examined)", "trashed": "\(result.trashed)",
                ])
            try await finish(satellite, request.created)
        }
    }

    /// Removes an applied filter unless a newer one has come meanwhile.
    private func finish(_ satellite: NodeID, _ created: Timestamp) async throws {
        let path = path(satellite)
        try await pool.run { [self] in
            try waiting.withLock { waiting in
                guard waiting[satellite] == created else { return }
                try fileSystem.remove(path)
                waiting[satellite] = nil
            }
        }
    }

    private func path(_ satellite: NodeID) -> String { "\(folder)/\(satellite).filter" }

    private static func read(_ fileSystem: any FileSystem, _ path: String) throws -> RetainRequest {
        let file = try fileSystem.open(path, .read)
        let bytes = try file.bytes(at: 0, count: Int(try file.size()))
        let message = try Piecestore_RetainRequest.parse(bytes)
        guard !message.hash.isEmpty else { throw RPCStatusError(.internal, "saved filter without a hash") }
        return try RetainRequest(message)
    }

    private static func write(_ bytes: [UInt8], _ fileSystem: any FileSystem, _ path: String, folder: String) throws {
        let draft = path + ".new"
        if try fileSystem.list(folder).contains(where: { folder + "/" + $0 == draft }) { try fileSystem.remove(draft) }
        let file = try fileSystem.open(draft, .create)
        try bytes.withUnsafeBytes { try file.writeAll($0, at: 0) }
        try file.synchronize()
        try fileSystem.rename(draft, to: path)
        try fileSystem.synchronizeFolder(folder)
    }
}
