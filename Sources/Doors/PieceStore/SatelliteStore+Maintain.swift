import Logging
package import StorageModel
import Synchronization

/// What a round of upkeep did.
package struct MaintenanceReport: Hashable, Sendable {
    /// Expired pieces that were deleted.
    package var expired = 0
    /// Pieces whose time in the trash was over.
    package var emptied = 0
    /// Logs deleted.
    package var droppedLogs = 0
    /// Bytes of live pieces copied to other logs.
    package var copiedBytes: Int64 = 0
    /// Pieces found damaged while copying, by satellite.
    package var damaged: [NodeID: [PieceID]] = [:]

    static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.expired += right.expired
        sum.emptied += right.emptied
        sum.droppedLogs += right.droppedLogs
        sum.copiedBytes += right.copiedBytes
        sum.damaged.merge(right.damaged) { $0 + $1 }
        return sum
    }
}

extension SatelliteStore {
    /// Deletes what is over, drops dead logs, copies the living out of mostly dead ones, and shortens the index.
    func maintain(now: Timestamp) throws -> MaintenanceReport {
        let isFirst = isMaintained.withLock { isMaintained in
            defer { isMaintained = true }
            return !isMaintained
        }
        guard isFirst else { return MaintenanceReport() }
        defer { isMaintained.withLock { $0 = false } }

        var report = MaintenanceReport()
        let expiry = now.advanced(by: .zero - settings.expirationGrace).roundedDownSeconds
        report.expired = try remove { $0.expires != 0 && $0.expires < expiry }
        let trashLimit = now.advanced(by: .zero - settings.trashLifetime).roundedDownSeconds
        report.emptied = try remove { $0.isTrashed && $0.trashed < trashLimit }
        report.droppedLogs += try dropDeadLogs()
        try compactLogs(&report)
        report.droppedLogs += try dropDeadLogs()
        try compactIndex()
        return report
    }

    private func remove(_ isOver: (IndexRecord) -> Bool) throws -> Int {
        var count = 0
        try forEachSlice(where: isOver) { batch in
            count += try publish(batch.map(\.removal)) { record, state in
                // Whoever was read or stored again in the meantime stays.
                !(state.table[record.pieceID].map { $0.isSameEntry(as: record) && isOver($0) } ?? false)
            }.count
        }
        return count
    }

    /// Deletes the logs that hold no piece any more.
    private func dropDeadLogs() throws -> Int {
        let dead = state.withLock { state in
            let dead = state.logs.filter { $0.value.usedBytes == 0 && $0.value.deadBytes > 0 && !$0.value.isCheckedOut }
            for id in dead.keys { state.logs[id]?.isCheckedOut = true }
            return dead.map { (id: $0.key, day: $0.value.day) }
        }
        if dead.isEmpty { return 0 }
        try publish(dead.map { IndexRecord(kind: .logDropped, log: $0.id) }, durably: true)
        for (id, day) in dead {
            do { try fileSystem.remove("\(folder)/\(LogFormat.name(id: id, day: day))") } catch {
                logger.warning("a log could not be deleted", metadata: ["log": "\(id)", "error": "\(error)"])
            }
        }
        try fileSystem.synchronizeFolder(folder)
        return dead.count
    }

    /// Writes the index anew when most of its records are superseded; commits go on meanwhile.
    ///
    /// What held when the rewriting began is read from the old file and kept if it holds still; what came later is
    /// copied at the end, while appends wait.
    func compactIndex() throws {
        let (old, limit) = index.withLock { ($0, $0.recordCount) }
        let count = state.withLock { $0.table.count }
        guard limit > 4096, limit > 2 * count else { return }
        var successor = try old.makeSuccessor()
        for start in stride(from: 0, to: limit, by: 4096) {
            let records = try old.records(from: start, limit: limit)
            try successor.append(state.withLock { state in state.holding(records) })
        }
        try successor.synchronize()
        try index.withLock { index in
            for start in stride(from: limit, to: index.recordCount, by: 4096) {
                try successor.append(index.records(from: start, limit: index.recordCount))
            }
            try successor.append(state.withLock { $0.logEnds })
            try successor.takePlace()
            index = successor
            state.withLock { $0.usage.indexBytes = successor.end }
        }
    }
}

extension SatelliteStore.State {
    /// Those of the records that hold.
    func holding(_ records: [IndexRecord]) -> [IndexRecord] {
        var holding: [IndexRecord] = []
        for record in records where record.kind == .piece && table[record.pieceID] == record { holding.append(record) }
        return holding
    }

    /// One record for each log, saying how far it is indexed.
    var logEnds: [IndexRecord] {
        logs.map { IndexRecord(kind: .logEnd, log: $0.key, end: $0.value.end) }
    }
}
