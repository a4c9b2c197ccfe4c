package import Logging
package import PieceStore
package import StorageModel
import Synchronization
package import WireMessages

/// Keeps orders until their satellite has paid for them, a file for each satellite and hour.
///
///     transfer ─ add ─► waiting ─ one write for all that wait ─► unsent/…v1 ─ settled ─► archive/…v1 ─ 7 days ─► gone
///
/// An order that was added survives the death of the process; the bytes are synchronized at most every few seconds,
/// because a power cut then costs only those seconds' orders and nobody but the node depends on them.
package final class OrderStore: Sendable {
    private struct Waiting: Sendable {
        let window: OrderWindow
        let entry: [UInt8]
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var transfers: [OrderWindow: Int] = [:]
        var waiting: [Waiting] = []
        var isWriting = false
    }

    let folder: String
    let fileSystem: any FileSystem
    let pool: BlockingPool
    let clock: WallClock
    let logger: Logger
    private let state = Mutex(State())
    private let files = Mutex(OrderFiles())

    /// Opens the store in `folder`, making the folder when it does not exist.
    ///
    /// - Throws: `PieceStoreError` when the disk fails.
    package init(
        folder: String, fileSystem: any FileSystem = DiskFileSystem(), pool: BlockingPool, clock: WallClock,
        logger: Logger
    ) throws {
        self.folder = folder
        self.fileSystem = fileSystem
        self.pool = pool
        self.clock = clock
        self.logger = logger
        try fileSystem.createFolder(folder)
        try fileSystem.createFolder(unsentFolder)
        try fileSystem.createFolder(archiveFolder)
        try fileSystem.synchronizeFolder(folder)
    }

    var unsentFolder: String { folder + "/unsent" }
    var archiveFolder: String { folder + "/archive" }

    /// Notes that a transfer has begun whose order will come: its window is not handed in before `end()`.
    package func begin(satellite: NodeID, created: Timestamp?) -> OrderTransfer {
        let window = OrderWindow(satellite: satellite, created: created ?? clock.now())
        state.withLock { $0.transfers[window, default: 0] += 1 }
        return OrderTransfer { [self] in
            state.withLock { state in
                let count = (state.transfers[window] ?? 1) - 1
                state.transfers[window] = count > 0 ? count : nil
            }
        }
    }

    /// Whether transfers of a window are still under way.
    package func isInUse(_ window: OrderWindow) -> Bool { state.withLock { $0.transfers[window] != nil } }

    /// Keeps an order. When this returns, the order survives the death of the process. Cancelling does not stop it.
    ///
    /// - Throws: `OrderStoreError`, or `PieceStoreError` when the disk fails.
    package func add(limit: OrderLimit, order: Order) async throws {
        let window = OrderWindow(satellite: limit.satelliteID, created: limit.orderCreation ?? clock.now())
        let entry = try OrderFile.entry(limit, order)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let mustStart = state.withLock { state in
                state.waiting.append(Waiting(window: window, entry: entry, continuation: continuation))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if mustStart, !pool.enqueue({ self.writeWaiting() }) { refuseWaiting() }
        }
    }

    /// Makes everything written so far durable, for an orderly end.
    package func close() async {
        do { try await pool.run { try self.files.withLock { try $0.synchronize() } } } catch {
            logger.warning("orders could not be synchronized", metadata: ["error": "\(error)"])
        }
    }

    /// Forgets the open file of a window, before the file is moved.
    func release(_ window: OrderWindow) { files.withLock { $0.release(window) } }

    /// Writes until nothing waits; runs on one thread of the pool at a time.
    private func writeWaiting() {
        while true {
            let batch = state.withLock { state in
                defer { state.waiting.removeAll() }
                state.isWriting = !state.waiting.isEmpty
                return state.waiting
            }
            if batch.isEmpty { return }
            for (window, orders) in Dictionary(grouping: batch, by: \.window) {
                let result = Result { try write(orders.flatMap(\.entry), to: window) }
                for order in orders { order.continuation.resume(with: result) }
            }
        }
    }

    private func write(_ bytes: [UInt8], to window: OrderWindow) throws {
        try files.withLock { files in
            let path = unsentFolder + "/" + window.fileName
            try files.append(bytes, to: window, path: path, fileSystem: fileSystem, now: clock.now())
            if files.hasNewNames {
                try fileSystem.synchronizeFolder(unsentFolder)
                files.hasNewNames = false
            }
        }
    }

    private func refuseWaiting() {
        let refused = state.withLock { state in
            defer { state.waiting.removeAll() }
            state.isWriting = false
            return state.waiting
        }
        for order in refused { order.continuation.resume(throwing: OrderStoreError.closed) }
    }
}

/// A transfer under way; its window is not handed in before `end()`, which may be called more than once.
package final class OrderTransfer: Sendable {
    private let whenEnded: Mutex<(@Sendable () -> Void)?>

    /// A transfer that calls `whenEnded` once.
    init(whenEnded: @escaping @Sendable () -> Void) { self.whenEnded = Mutex(whenEnded) }

    deinit { end() }

    /// The transfer is over and its order, if any, was added.
    package func end() {
        let action = whenEnded.withLock { action in
            defer { action = nil }
            return action
        }
        action?()
    }
}
