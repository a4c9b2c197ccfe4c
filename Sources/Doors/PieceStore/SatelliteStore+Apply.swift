import StorageModel

extension SatelliteStore.State {
    /// Makes a record true in memory.
    mutating func apply(_ record: IndexRecord) {
        switch record.kind {
        case .piece:
            forget(record.pieceID)
            extendLog(of: record)
            table.insert(record)
            count(record, sign: 1)
        case .removed:
            forget(record.pieceID)
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

    private mutating func forget(_ pieceID: PieceID) {
        guard let old = table[pieceID] else { return }
        table.remove(pieceID)
        count(old, sign: -1)
    }

    private mutating func count(_ record: IndexRecord, sign: Int) {
        let bytes = record.entrySize * Int64(sign)
        logs[record.log]?.usedBytes += bytes
        if record.isTrashed {
            usage.trashBytes += bytes
            usage.trashPieces += sign
        } else {
            usage.liveBytes += bytes
            usage.livePieces += sign
        }
    }

    /// Learns from a record how far its log is indexed.
    private mutating func extendLog(of record: IndexRecord) {
        if droppedLogs.contains(record.log) { return }
        let log = logs[record.log] ?? SatelliteStore.LogState(day: 0)
        nextLog = max(nextLog, record.log &+ 1)
        logs[record.log] = log
        logs[record.log]?.end = max(log.end, record.end)
    }
}
