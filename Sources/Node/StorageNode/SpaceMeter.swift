package import PieceStore
import Synchronization

/// How much room the node has for pieces: what the farmer allocated, as far as the disk really has it.
///
/// - Source: protocol document 3 §3.8.
package final class SpaceMeter: Sendable {
    private let store: PieceStore
    private let allocated: Int64
    private let disk: Mutex<(free: Int64, total: Int64)>

    /// A meter for `allocated` bytes; call `refresh()` before it is asked.
    package init(store: PieceStore, allocated: Int64) {
        self.store = store
        self.allocated = allocated
        disk = Mutex((0, 0))
    }

    /// Asks the disk how much is free.
    ///
    /// - Throws: `PieceStoreError` when the disk does not answer.
    package func refresh() async throws {
        let free = try await store.freeDiskSpace()
        let total = store.usage.totalBytes
        disk.withLock { $0 = (free, total) }
    }

    /// Bytes that more pieces may take, at least 0. Asks no disk: what was stored since the last refresh is deducted.
    package func freeSpace() -> Int64 {
        let used = store.usage.totalBytes
        let onDisk = disk.withLock { $0.free - max(0, used - $0.total) }
        return max(0, min(onDisk, allocated - used))
    }
}
