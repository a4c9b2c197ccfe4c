import Logging
import StorageModel
import Synchronization

/// A small piece that waits for the disk together with others.
struct PendingPiece: Sendable {
    let piece: StoredPiece
    let content: StagingBuffer
    let groupValues: [UInt8]
    let day: UInt32
    let continuation: CheckedContinuation<Void, any Error>
}

/// The small pieces of a satellite that wait.
struct BatchQueue: Sendable {
    var waiting: [PendingPiece] = []
    var isRunning = false
}

extension SatelliteStore {
    /// Commits waiting pieces until there are none; one such loop runs at a time.
    func commitWaiting() {
        while let batch = nextBatch() {
            for (day, pieces) in Dictionary(grouping: batch, by: \.day) { commit(pieces, day: day) }
        }
    }

    private func nextBatch() -> [PendingPiece]? {
        batches.withLock { queue in
            if queue.waiting.isEmpty {
                queue.isRunning = false
                return nil
            }
            var size: Int64 = 0
            let rest = queue.waiting.firstIndex { pending in
                size += pending.piece.size
                return size > Int64(settings.maximumBatchSize)
            }
            let count = max(1, rest ?? queue.waiting.count)
            defer { queue.waiting.removeFirst(count) }
            return Array(queue.waiting[..<count])
        }
    }

    /// Writes pieces to one log, synchronizes once, and answers all of them.
    private func commit(_ pieces: [PendingPiece], day: UInt32) {
        let outcomes: [PieceID]
        do {
            let slot = try checkOut(day: day)
            outcomes = try append(slot: slot, size: 0) { position in
                try pieces.map { pending in
                    try write(pending, to: slot, at: &position)
                }
            }
        } catch {
            for pending in pieces { pending.continuation.resume(throwing: error) }
            return
        }
        let published = Set(outcomes)
        for pending in pieces {
            if published.contains(pending.piece.pieceID) {
                pending.continuation.resume()
            } else {
                pending.continuation.resume(throwing: Self.alreadyExists(pending.piece.pieceID))
            }
        }
    }

    private func write(_ pending: PendingPiece, to slot: LogSlot, at position: inout Int64) throws -> IndexRecord {
        try slot.file.writeAll(pending.content.filled, at: position)
        return try writeTrailer(
            Trailer(piece: pending.piece, groupValues: pending.groupValues), to: slot, content: position, end: &position)
    }

    /// Writes the trailer behind the content that starts at `content`, and moves `end` behind it.
    func writeTrailer(
        _ trailer: Trailer, to slot: LogSlot, content: Int64, end: inout Int64
    ) throws -> IndexRecord {
        let bytes = trailer.encoded(key: slot.key)
        let record = IndexRecord(piece: trailer.piece, trailerSize: bytes.count, log: slot.id, offset: content)
        try bytes.withUnsafeBytes { try slot.file.writeAll($0, at: record.trailerOffset) }
        end = record.end
        return record
    }

    /// Runs `write` on a log that is checked out, makes it durable, indexes it, and takes the log back.
    ///
    /// - Returns: the pieces that were indexed; others are stored already.
    func append(
        slot: LogSlot, size: Int64, _ write: (inout Int64) throws -> [IndexRecord]
    ) throws -> [PieceID] {
        var position = slot.start + size
        let records: [IndexRecord]
        do { records = try write(&position) } catch {
            rollBack(slot)
            throw error
        }
        do { try slot.file.synchronize() } catch {
            rollBack(slot, sealing: true)
            throw error
        }
        let published: [IndexRecord]
        do {
            published = try publish(records) { record, state in
                state.table[record.pieceID].map { !$0.isTrashed } ?? false
            }
        } catch {
            rollBack(slot)
            throw error
        }
        finish(slot, end: position, records: records, published: published)
        return published.map(\.pieceID)
    }

    /// Takes a log back; what nobody needs at its end is overwritten by the next writer.
    private func finish(_ slot: LogSlot, end: Int64, records: [IndexRecord], published: [IndexRecord]) {
        if published.isEmpty { return rollBack(slot) }
        state.withLock { state in
            let known = state.logs[slot.id]?.end ?? 0
            state.logs[slot.id]?.end = max(known, end)
        }
        checkIn(slot)
    }

    static func alreadyExists(_ pieceID: PieceID) -> PieceStoreError {
        PieceStoreError(.alreadyExists, "piece \(pieceID) is stored already")
    }
}
