import Logging
import StorageModel
import Synchronization

/// The pieces of one satellite: its logs and its index.
///
/// Two locks, always taken in this order: `index`, held while records are appended to the file, and `state`, held
/// for microseconds and never during I/O. What changes `state` appends to `index` first, under both.
/// Everything here blocks and runs on the pool.
final class SatelliteStore: Sendable {
    let satellite: NodeID
    let folder: String
    let fileSystem: any FileSystem
    let settings: PieceStoreSettings
    let random: RandomSource
    let logger: Logger
    let index: Mutex<IndexFile>
    let state: Mutex<State>
    /// Small pieces that wait for the next synchronisation of the disk.
    let batches = Mutex(BatchQueue())
    /// True while upkeep runs: one at a time.
    let isMaintained = Mutex(false)
    /// Pieces that were found broken when the store was opened, and are not in the index.
    let broken = Mutex<Set<PieceID>>([])

    /// What is known in memory.
    struct State: ~Copyable {
        var table: IndexTable
        var logs: [UInt32: LogState] = [:]
        /// Sums of pieces and the size of the index; dead bytes are added when somebody asks.
        var usage = StorageUsage()
        var nextLog: UInt32 = 1
        /// Logs with handles kept open, the most recently used last.
        var openLogs: [UInt32] = []
        /// Logs that were deleted on purpose, whose files a crash may have left.
        var droppedLogs: Set<UInt32> = []

        init(seed: UInt64) { table = IndexTable(seed: seed) }
    }

    /// What is known of one log.
    struct LogState {
        /// The day its pieces expire, in days since 1970; zero for never.
        var day: UInt32
        /// Where the next entry starts.
        var end: Int64 = Int64(LogFormat.headerSize)
        /// Bytes of entries of pieces that are live or in the trash.
        var usedBytes: Int64 = 0
        /// The key of its trailers; nil when the header is unreadable or unread.
        var key: [UInt8]?
        /// True while nobody needed the header.
        var isHeaderUnread = false
        var file: (any File)?
        /// True while someone appends.
        var isCheckedOut = false
        /// True when nothing may be appended any more.
        var isSealed = false
        /// True when an entry could not be copied: the log stays as it is.
        var isDamaged = false
        /// Where the part of the log begins that is not on the disk any more or cannot be understood; nil for none.
        var lostFrom: Int64?

        init(day: UInt32) { self.day = day }

        /// Whether the log is usable, as far as is known.
        var isUsable: Bool { key != nil || isHeaderUnread }

        /// Learns that entries stand up to `end`.
        mutating func extend(to end: Int64) { self.end = max(self.end, end) }

        /// Bytes that belong to no piece.
        var deadBytes: Int64 { end - Int64(LogFormat.headerSize) - usedBytes }
    }

    /// The folder of a satellite: all 32 bytes of its id in lower-case base32, as operators know it from other nodes.
    static func folderName(of satellite: NodeID) -> String { Base32.encode(satellite.bytes).lowercased() }

    /// The satellite whose folder has this name; nil for another file.
    static func satellite(folderName: String) -> NodeID? {
        guard let satellite = Base32.decode(folderName.uppercased()).flatMap({ NodeID($0) }),
            Self.folderName(of: satellite) == folderName
        else { return nil }
        return satellite
    }

    /// Opens the store of a satellite, making it when it does not exist, and recovers what a crash left.
    static func open(
        satellite: NodeID, root: String, fileSystem: any FileSystem, settings: PieceStoreSettings,
        random: RandomSource, logger: Logger
    ) throws -> SatelliteStore {
        let folder = "\(root)/\(folderName(of: satellite))"
        try fileSystem.createFolder(folder)
        try fileSystem.synchronizeFolder(root)
        var state = State(seed: random.bytes(count: 8).reduce(0) { $0 << 8 | UInt64($1) })
        let (index, condition) = try IndexFile.open(folder: folder, fileSystem: fileSystem) { state.apply($0) }
        state.usage.indexBytes = index.end
        let store = SatelliteStore(
            satellite: satellite, folder: folder, fileSystem: fileSystem, settings: settings, random: random,
            logger: logger, index: index, state: state)
        try store.recover(index: condition)
        return store
    }

    private init(
        satellite: NodeID, folder: String, fileSystem: any FileSystem, settings: PieceStoreSettings,
        random: RandomSource, logger: Logger, index: consuming IndexFile, state: consuming sending State
    ) {
        self.satellite = satellite
        self.folder = folder
        self.fileSystem = fileSystem
        self.settings = settings
        self.random = random
        var logger = logger
        logger[metadataKey: "satellite"] = "\(satellite)"
        self.logger = logger
        self.index = Mutex(index)
        self.state = Mutex(state)
    }

    /// What the store holds; never waits for the disk.
    var usage: StorageUsage {
        state.withLock { state in
            var usage = state.usage
            usage.deadBytes = state.logs.values.reduce(0) { $0 + $1.deadBytes }
            return usage
        }
    }

    /// Appends records to the index and makes them true.
    ///
    /// `filter` sees each record together with what holds now, under the lock, and may drop it.
    @discardableResult
    func publish(
        _ records: [IndexRecord], durably: Bool = false,
        unless isOutdated: (IndexRecord, borrowing State) -> Bool = { _, _ in false }
    ) throws -> [IndexRecord] {
        try index.withLock { index in
            let current = state.withLock { state in
                var current: [IndexRecord] = []
                for record in records where !isOutdated(record, state) { current.append(record) }
                return current
            }
            if current.isEmpty { return [] }
            try index.append(current)
            state.withLock { state in
                for record in current { state.apply(record) }
                state.usage.indexBytes = index.end
            }
            if durably { try index.synchronize() }
            return current
        }
    }
}

