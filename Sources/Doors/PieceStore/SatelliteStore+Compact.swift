import Logging
import StorageModel
import Synchronization

extension SatelliteStore {
    /// Copies the living out of logs that are mostly dead, the deadest first, within the budget.
    func compactLogs(_ report: inout MaintenanceReport) throws {
        let candidates = state.withLock { state in
            state.logs.filter { _, log in
                let size = log.end - Int64(LogFormat.headerSize)
                return !log.isCheckedOut && !log.isDamaged && log.isUsable && log.usedBytes > 0
                    && Double(log.usedBytes) < settings.compactionLiveFraction * Double(size)
            }.sorted { $0.value.deadBytes > $1.value.deadBytes }.map { (id: $0.key, day: $0.value.day, used: $0.value.usedBytes) }
        }
        var planned: Int64 = 0
        let chosen = candidates.filter { log in
            planned += log.used
            return planned <= settings.compactionBudget && seal(log.id)
        }
        for log in chosen { try compact(log: log.id, day: log.day, records(inLog: log.id) { _ in true }, &report) }
    }

    /// The chosen entries of a log in the order in which they stand there: 64 bytes of memory each.
    func records(inLog log: UInt32, where choose: (IndexRecord) -> Bool) -> [IndexRecord] {
        var records: [IndexRecord] = []
        forEachSlice(where: { $0.log == log && choose($0) }) { records += $0 }
        return records.sorted { $0.offsetUnits < $1.offsetUnits }
    }

    private func compact(
        log: UInt32, day: UInt32, _ records: [IndexRecord], _ report: inout MaintenanceReport
    ) throws {
        var copies: [(old: IndexRecord, new: IndexRecord)] = []
        let slot = try checkOut(day: day, excluding: log)
        var position = slot.start
        do {
            for record in records {
                guard let copy = try copy(record, to: slot, at: &position) else {
                    report.damaged[satellite, default: []].append(record.pieceID)
                    continue
                }
                copies.append((record, copy))
            }
        } catch {
            rollBack(slot)
            throw error
        }
        do { try slot.file.synchronize() } catch {
            rollBack(slot, sealing: true)
            throw error
        }
        try switchOver(copies, slot: slot, end: position)
        report.copiedBytes += position - slot.start
        if copies.count < records.count { state.withLock { $0.logs[log]?.isDamaged = true } }
    }

    /// Stops appends to a log; false when someone appends right now.
    private func seal(_ log: UInt32) -> Bool {
        state.withLock { state in
            guard state.logs[log]?.isCheckedOut == false else { return false }
            state.logs[log]?.isSealed = true
            return true
        }
    }

    /// Copies one entry, checking every byte; nil when it is damaged.
    private func copy(_ record: IndexRecord, to slot: LogSlot, at position: inout Int64) throws -> IndexRecord? {
        let trailer: Trailer
        let file: any File
        do { (trailer, file) = try readTrailer(of: record) } catch let error as PieceStoreError where error.code == .corrupt {
            logger.error("a piece is damaged", metadata: ["piece": "\(record.pieceID)"])
            return nil
        }
        let start = position
        var done: Int64 = 0
        while done < trailer.piece.size {
            let count = Int(min(Int64(PieceReader.maximumCount), trailer.piece.size - done))
            let bytes = try file.bytes(at: record.offset + done, count: count)
            let isValid = bytes.count == count
                && bytes.withUnsafeBytes { GroupVerifier.isValid($0, at: done, of: trailer) }
            guard isValid else {
                logger.error("a piece is damaged", metadata: ["piece": "\(record.pieceID)"])
                return nil
            }
            try bytes.withUnsafeBytes { try slot.file.writeAll($0, at: start + done) }
            done += Int64(count)
        }
        var copy = try writeTrailer(trailer, to: slot, content: start, end: &position)
        copy.created = record.created
        copy.expires = record.expires
        return copy
    }

    /// Lets the index point to the copies, with whatever became of the pieces since they were copied.
    private func switchOver(_ copies: [(old: IndexRecord, new: IndexRecord)], slot: LogSlot, end: Int64) throws {
        do {
            for start in stride(from: 0, to: copies.count, by: 4096) {
                try move(Array(copies[start..<min(start + 4096, copies.count)]))
            }
            try index.withLock { try $0.synchronize() }
        } catch {
            // Some copies may be in use: the rest of the log is dead, not to be cut.
            state.withLock { $0.logs[slot.id]?.end = end }
            checkIn(slot)
            throw error
        }
        state.withLock { $0.logs[slot.id]?.end = end }
        checkIn(slot)
    }

    private func move(_ copies: [(old: IndexRecord, new: IndexRecord)]) throws {
        try index.withLock { index in
            let moved = state.withLock { state in
                var moved: [IndexRecord] = []
                for (old, new) in copies {
                    guard let current = state.table[old.pieceID], current.isSameEntry(as: old) else { continue }
                    var record = new
                    record.trashed = current.trashed
                    moved.append(record)
                }
                return moved
            }
            try index.append(moved)
            state.withLock { state in
                for record in moved { state.apply(record) }
                state.usage.indexBytes = index.end
            }
        }
    }
}
