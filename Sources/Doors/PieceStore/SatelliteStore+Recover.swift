import Logging
import StorageModel
import Synchronization

extension SatelliteStore {
    /// Compares the index with the logs and brings it up to date after a crash, or makes it anew.
    func recover(index condition: IndexFile.Condition) throws {
        let names = try fileSystem.list(folder).sorted()
        let logs = names.compactMap { name in LogFormat.parse(name: name).map { (name: name, id: $0.id, day: $0.day) } }
        if !logs.isEmpty { report(condition) }
        var found: Set<UInt32> = []
        for (name, id, day) in logs {
            if state.withLock({ $0.droppedLogs.contains(id) }) {
                try fileSystem.remove("\(folder)/\(name)")
            } else if try recoverLog(id: id, day: day) {
                found.insert(id)
            }
        }
        let missing = state.withLock { state in
            let missing = state.logs.keys.filter { !found.contains($0) }
            for id in missing {
                state.logs[id]?.isSealed = true
                state.logs[id]?.lostFrom = 0
            }
            return missing
        }
        for id in missing {
            logger.error("a log is missing, its pieces cannot be served", metadata: ["log": "\(id)"])
        }
        try index.withLock { try $0.synchronize() }
    }

    private func report(_ condition: IndexFile.Condition) {
        switch condition {
        case .whole: break
        case .missing:
            logger.info("the index is made from the logs")
        case .foreign:
            logger.warning("the index was unreadable and is made again from the logs")
        case .cut(let bytes):
            logger.warning("the end of the index was unreadable and is made again", metadata: ["bytes": "\(bytes)"])
        }
    }

    /// Makes one log known; false when it was an empty beginning and was removed.
    private func recoverLog(id: UInt32, day: UInt32) throws -> Bool {
        let path = "\(folder)/\(LogFormat.name(id: id, day: day))"
        let known = state.withLock { $0.logs[id]?.end ?? Int64(LogFormat.headerSize) }
        if known > Int64(LogFormat.headerSize), try fileSystem.size(of: path) == known {
            // Nothing is new: thousands of logs need not be opened, each a movement of the disk's arm.
            setLog(id: id, day: day, key: nil, end: known, isSealed: false)
            state.withLock { $0.logs[id]?.isHeaderUnread = true }
            return true
        }
        let file = try fileSystem.open(path, .update)
        let size = try file.size()
        let header = try file.bytes(at: 0, count: LogFormat.headerSize)
        guard let key = LogFormat.key(inHeader: header, id: id, day: day) else {
            if size <= Int64(LogFormat.headerSize), known == Int64(LogFormat.headerSize) {
                try fileSystem.remove(path)
                return false
            }
            logger.error("a log has an unreadable header, its pieces cannot be served", metadata: ["log": "\(id)"])
            setLog(id: id, day: day, key: nil, end: max(known, size), isSealed: true, lostFrom: 0)
            return true
        }
        if size < known {
            logger.error(
                "a log is shorter than its index says, pieces are lost",
                metadata: ["log": "\(id)", "size": "\(size)", "indexed": "\(known)"])
        }
        setLog(id: id, day: day, key: key, end: known, isSealed: size < known, lostFrom: size < known ? size : nil)
        if size > known { try recoverTail(of: file, log: id, key: key, known: known, size: size, path: path) }
        return true
    }

    private func setLog(id: UInt32, day: UInt32, key: [UInt8]?, end: Int64, isSealed: Bool, lostFrom: Int64? = nil) {
        state.withLock { state in
            var log = state.logs[id] ?? LogState(day: day)
            log.day = day
            log.key = key
            log.end = end
            log.isSealed = isSealed
            log.lostFrom = lostFrom
            state.logs[id] = log
            state.nextLog = max(state.nextLog, id &+ 1)
        }
    }

    /// Indexes the entries behind the part that the index knows, and cuts off what is torn.
    private func recoverTail(
        of file: any File, log: UInt32, key: [UInt8], known: Int64, size: Int64, path: String
    ) throws {
        let scanner = LogScanner(file: file, key: key, satellite: satellite, log: log)
        let verified = Int64(settings.maximumBatchSize + 2 * settings.stagingSize)
        let findings = try scanner.scan(from: known, to: size, verifiedBytes: verified)
        let added = try publish(findings.records) { record, state in
            // A compaction that was cut short leaves a second copy behind; a repaired piece is younger than the rotten
            // one in whose place it came.
            state.table[record.pieceID].map { !$0.isTrashed && $0.created >= record.created } ?? false
        }
        state.withLock { $0.logs[log]?.end = findings.end }
        let gone = findings.broken.filter { piece in state.withLock { $0.table[piece] == nil } }
        broken.withLock { $0.formUnion(gone) }
        if !added.isEmpty {
            logger.info("pieces were indexed again", metadata: ["log": "\(log)", "count": "\(added.count)"])
        }
        let torn = size - findings.end
        if torn > 0 {
            logger.warning("the torn end of a log was cut off", metadata: ["log": "\(log)", "bytes": "\(torn)"])
            try file.truncate(to: findings.end)
        }
        if findings.skippedBytes > torn {
            logger.error(
                "a damaged part of a log was skipped",
                metadata: ["log": "\(log)", "bytes": "\(findings.skippedBytes - torn)"])
        }
    }
}
