import StorageModel
import Synchronization

/// What a round of garbage collection did.
package struct RetainResult: Hashable, Sendable {
    /// Pieces looked at: those of the satellite, live, and old enough.
    package var examined = 0
    /// Pieces put in the trash.
    package var trashed = 0
}

extension SatelliteStore {
    /// Slots looked at without letting others at the table.
    static let scanSize = 8 << 10

    /// Collects what `choose` picks of the table, in slices, so that nobody waits long.
    ///
    /// A table that grows meanwhile may hide or repeat a few records; what is missed is found the next time.
    func collect(_ choose: (IndexRecord) -> Bool) -> [IndexRecord] {
        var chosen: [IndexRecord] = []
        var slot = 0
        var capacity = Int.max
        while slot < capacity {
            let records = state.withLock { state in
                capacity = state.table.capacity
                return state.table.records(inSlots: slot..<slot + Self.scanSize)
            }
            for record in records where choose(record) { chosen.append(record) }
            slot += Self.scanSize
        }
        return chosen
    }

    /// Puts in the trash what was committed before a moment and is certainly not in the filter.
    func retain(filter: BloomFilter, createdBefore: Timestamp, now: Timestamp) throws -> RetainResult {
        var result = RetainResult()
        let limit = createdBefore.roundedDownSeconds
        let garbage = collect { record in
            guard !record.isTrashed, record.created < limit else { return false }
            result.examined += 1
            return !filter.mayContain(record.pieceID)
        }
        for batch in garbage.batches {
            let trashed = batch.map { $0.withTrashed(max(1, now.roundedUpSeconds)) }
            result.trashed += try publish(trashed) { record, state in
                guard let current = state.table[record.pieceID] else { return true }
                return current.isTrashed || !current.isSameEntry(as: record)
            }.count
        }
        return result
    }

    /// Takes everything out of the trash, durably; how many pieces that were.
    func restoreTrash() throws -> Int {
        var count = 0
        for batch in collect(\.isTrashed).batches { count += try revive(batch, durably: false) }
        try index.withLock { try $0.synchronize() }
        return count
    }
}

extension [IndexRecord] {
    /// The records in runs of at most 4,096.
    var batches: [[IndexRecord]] {
        stride(from: 0, to: count, by: 4096).map { Array(self[$0..<Swift.min($0 + 4096, count)]) }
    }
}
