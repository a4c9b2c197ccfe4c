import StorageModel

extension SatelliteStore.State {
    /// Makes a record true in memory.
    mutating func apply(_ record: IndexRecord) {
        switch record.kind {
        case .piece:
            extendLog(of: record)
            if let old = table.insert(record) { count(old, sign: -1) }
            count(record, sign: 1)
        case .removed:
            if let old = table.remove(record.pieceID) { count(old, sign: -1) }
            extendLog(of: record)
        case .logEnd:
            extendLog(of: record)
        case .logDropped:
            logs[record.log] = nil
            openLogs.removeAll { $0 == record.log }
            droppedLogs.insert(record.log)
            nextLog = max(nextLog, record.log &+ 1)
        }
    }

    private mutating func count(_ record: IndexRecord, sign: Int) {
        let bytes = record.entrySize * Int64(sign)
        logs[record.log]?.usedBytes += bytes
        if record.isTrashed {
            usage.trashBytes += bytes
            usage.trashPieces += sign
        } else {
            usage.liveBytes += bytes
            usage.contentBytes += Int64(record.contentSize) * Int64(sign)
            usage.livePieces += sign
        }
    }

    /// Learns from a record how far its log is indexed.
    private mutating func extendLog(of record: IndexRecord) {
        if droppedLogs.contains(record.log) { return }
        nextLog = max(nextLog, record.log &+ 1)
        logs[record.log, default: SatelliteStore.LogState(day: 0)].extend(to: record.end)
    }
}
