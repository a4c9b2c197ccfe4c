import PieceStore
package import StorageModel
package import WireMessages

extension OrderStore {
    /// The windows of a satellite that can be handed in, oldest first: their limits cannot be used any more and no
    /// transfer is under way.
    ///
    /// - Parameter grace: how far a limit's creation may be from the node's clock.
    package func readyWindows(satellite: NodeID, grace: Duration) async throws -> [OrderWindow] {
        let now = clock.now()
        let names = try await pool.run { [fileSystem, unsentFolder] in try fileSystem.list(unsentFolder) }
        return names.compactMap { OrderWindow(fileName: $0) }
            .filter { $0.satellite == satellite && !isInUse($0) && isOver($0, grace: grace, at: now) }
            .sorted { $0.hour < $1.hour }
    }

    private func isOver(_ window: OrderWindow, grace: Duration, at now: Timestamp) -> Bool {
        guard let start = Timestamp(seconds: window.hour, nanoseconds: 0) else { return true }
        return now > start.advanced(by: .seconds(3600) + grace)
    }

    /// The orders of a window, in blocks that fit in memory.
    package func reader(_ window: OrderWindow) async throws -> OrderReader {
        release(window)
        let path = unsentFolder + "/" + window.fileName
        let file = try await pool.run { [fileSystem] in try fileSystem.open(path, .read) }
        return OrderReader(file: file, pool: pool)
    }

    /// Puts a window aside after its satellite has answered.
    package func archive(_ window: OrderWindow, accepted: Bool) async throws {
        let source = unsentFolder + "/" + window.fileName
        let target = archiveFolder + "/" + window.archivedFileName(at: clock.now(), accepted: accepted)
        release(window)
        try await pool.run { [fileSystem, unsentFolder, archiveFolder] in
            try fileSystem.rename(source, to: target)
            try fileSystem.synchronizeFolder(archiveFolder)
            try fileSystem.synchronizeFolder(unsentFolder)
        }
    }

    /// Deletes what was put aside longer ago than `lifetime`.
    package func cleanArchive(lifetime: Duration) async throws {
        let limit = clock.now().advanced(by: .zero - lifetime)
        try await pool.run { [fileSystem, archiveFolder] in
            for name in try fileSystem.list(archiveFolder) {
                guard let archived = OrderWindow.archiveTime(fileName: name), archived / 1_000_000_000 < limit.seconds
                else { continue }
                try fileSystem.remove(archiveFolder + "/" + name)
            }
        }
    }
}

/// Reads the orders of one window.
package final class OrderReader {
    /// Bytes read at once.
    private static let blockSize = 256 << 10

    private let file: any File
    private let pool: BlockingPool
    private var parser = OrderFileParser()
    private var offset: Int64 = 0
    private var isAtEnd = false

    init(file: any File, pool: BlockingPool) {
        self.file = file
        self.pool = pool
    }

    /// Bytes of the file that were no entry.
    package var damagedBytes: Int { parser.damagedBytes }

    /// The next order with its limit; nil at the end.
    package func next() async throws -> SettlementRequest? {
        while true {
            if let request = parser.next(atEnd: isAtEnd) { return request }
            if isAtEnd { return nil }
            let block = try await pool.run { [file, offset] in try file.bytes(at: offset, count: Self.blockSize) }
            offset += Int64(block.count)
            isAtEnd = block.isEmpty
            parser.append(block)
        }
    }
}
