import Logging
import StorageModel
import Synchronization

extension SatelliteStore {
    /// A log that one writer appends to, alone.
    struct LogSlot: Sendable {
        let id: UInt32
        let key: [UInt8]
        let file: any File
        /// Where the writer starts.
        let start: Int64
    }

    /// Days ahead beyond which pieces share the logs of those that never expire.
    private static let maximumDaysAhead = 100

    /// The day whose logs a piece belongs to: the day of its expiration, rounded up; zero for never or far away.
    static func logDay(expires: Timestamp?, now: Timestamp) -> UInt32 {
        guard let expires else { return 0 }
        let day = Int64(expires.roundedUpSeconds) / 86400 + 1
        return day - now.seconds / 86400 > maximumDaysAhead ? 0 : UInt32(day)
    }

    /// Hands out the fullest idle log of a day, or a new one.
    func checkOut(day: UInt32, excluding excluded: UInt32? = nil) throws -> LogSlot {
        let chosen = state.withLock { state -> UInt32? in
            let usable = state.logs.filter { id, log in
                log.day == day && !log.isCheckedOut && !log.isSealed && log.isUsable && id != excluded
                    && log.end < settings.maximumLogSize
            }
            guard let id = usable.max(by: { $0.value.end < $1.value.end })?.key else { return nil }
            state.logs[id]?.isCheckedOut = true
            return id
        }
        guard let chosen else { return try createLog(day: day) }
        do {
            let (file, key) = try openLog(chosen)
            let end = state.withLock { $0.logs[chosen]?.end ?? Int64(LogFormat.headerSize) }
            return LogSlot(id: chosen, key: key, file: file, start: end)
        } catch {
            let isUsable = state.withLock { state in
                state.logs[chosen]?.isCheckedOut = false
                return state.logs[chosen]?.isUsable ?? false
            }
            // A header that turned out to be unreadable is no reason to refuse a piece.
            if !isUsable { return try checkOut(day: day, excluding: excluded) }
            throw error
        }
    }

    /// Takes a log back. What was appended is already known through the index.
    func checkIn(_ slot: LogSlot, sealing: Bool = false) {
        state.withLock { state in
            state.logs[slot.id]?.isCheckedOut = false
            if sealing { state.logs[slot.id]?.isSealed = true }
        }
    }

    /// Takes a log back and drops what was appended since it was handed out.
    ///
    /// After a failed synchronisation nobody knows what the disk holds, so that the log must be sealed.
    func rollBack(_ slot: LogSlot, sealing: Bool = false) {
        do {
            try slot.file.truncate(to: slot.start)
            checkIn(slot, sealing: sealing)
        } catch {
            logger.warning("a log could not be cut and is sealed", metadata: ["log": "\(slot.id)", "error": "\(error)"])
            checkIn(slot, sealing: true)
        }
    }

    private func createLog(day: UInt32) throws -> LogSlot {
        let id = state.withLock { state in
            defer { state.nextLog += 1 }
            return state.nextLog
        }
        let key = random.bytes(count: LogFormat.keySize)
        let path = "\(folder)/\(LogFormat.name(id: id, day: day))"
        let file = try fileSystem.open(path, .create)
        do {
            try LogFormat.header(id: id, day: day, key: key).withUnsafeBytes { try file.writeAll($0, at: 0) }
            try file.synchronize()
            try fileSystem.synchronizeFolder(folder)
        } catch {
            // An empty beginning is also removed at the next start.
            try? fileSystem.remove(path)
            throw error
        }
        state.withLock { state in
            var log = LogState(day: day)
            log.key = key
            log.isCheckedOut = true
            state.logs[id] = log
            state.keepOpen(file, log: id, limit: settings.openLogs)
        }
        return LogSlot(id: id, key: key, file: file, start: Int64(LogFormat.headerSize))
    }

    /// The file and the key of a log, opened if necessary.
    func openLog(_ id: UInt32) throws -> (any File, [UInt8]) {
        let (open, day, key) = state.withLock { state in
            (state.openFile(log: id), state.logs[id]?.day, state.logs[id]?.key)
        }
        guard let day else { throw PieceStoreError(.missingFile, "log \(id) is not known") }
        let path = "\(folder)/\(LogFormat.name(id: id, day: day))"
        let file = try open ?? fileSystem.open(path, .update)
        guard let key = try key ?? readHeader(of: id, day: day, file) else { throw PieceStoreError(.corrupt, "\(path) is missing or has an unreadable header") }
        if open == nil {
            state.withLock { $0.keepOpen(file, log: id, limit: settings.openLogs) }
        }
        return (file, key)
    }
}

extension SatelliteStore {
    /// The key in the header of a log that nobody needed so far; nil when there is none.
    private func readHeader(of id: UInt32, day: UInt32, _ file: any File) throws -> [UInt8]? {
        guard state.withLock({ $0.logs[id]?.isHeaderUnread ?? false }) else { return nil }
        let header = try file.bytes(at: 0, count: LogFormat.headerSize)
        let key = LogFormat.key(inHeader: header, id: id, day: day)
        state.withLock { state in
            state.logs[id]?.isHeaderUnread = false
            state.logs[id]?.key = key
            guard key == nil else { return }
            state.logs[id]?.isSealed = true
            state.logs[id]?.lostFrom = 0
        }
        if key == nil {
            logger.error("a log has an unreadable header, its pieces cannot be served", metadata: ["log": "\(id)"])
        }
        return key
    }

    /// Reads the headers that nobody needed so far, so that a lost log is known before its pieces are asked for.
    func readHeaders() {
        for id in state.withLock({ $0.logs.filter { $0.value.isHeaderUnread }.keys.sorted() }) {
            do { _ = try openLog(id) } catch {
                // What is wrong with the log is noted, or shows again when a piece is read.
                logger.warning("a log cannot be opened", metadata: ["log": "\(id)", "error": "\(error)"])
            }
        }
    }
}

extension SatelliteStore.State {
    /// The open file of a log, which counts as used now.
    mutating func openFile(log: UInt32) -> (any File)? {
        guard let file = logs[log]?.file else { return nil }
        if openLogs.last != log, let position = openLogs.firstIndex(of: log) {
            openLogs.remove(at: position)
            openLogs.append(log)
        }
        return file
    }

    /// Keeps a file open and lets go of the one used longest ago; its readers keep it until they are done.
    mutating func keepOpen(_ file: any File, log: UInt32, limit: Int) {
        guard logs[log] != nil else { return }
        logs[log]?.file = file
        openLogs.removeAll { $0 == log }
        openLogs.append(log)
        if openLogs.count > limit { logs[openLogs.removeFirst()]?.file = nil }
    }
}
