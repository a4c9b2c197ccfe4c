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
    /// Slots looked at without letting others at the table; the records of one slice are half a megabyte at most.
    static let scanSize = 8 << 10

    /// Hands what `choose` picks of the table to `work`, slice by slice: nobody waits long, and memory stays small however
    /// many pieces there are.
    ///
    /// A table that changes meanwhile may hide or repeat a few records; what is missed is found the next time.
    func forEachSlice(where choose: (IndexRecord) -> Bool, _ work: ([IndexRecord]) throws -> Void) rethrows {
        var cursor = IndexTable.Cursor()
        while let records = state.withLock({ $0.table.next(&cursor, limit: Self.scanSize) }) {
            let chosen = records.filter(choose)
            if !chosen.isEmpty { try work(chosen) }
        }
    }

    /// Puts in the trash what was committed before a moment and is certainly not in the filter.
    func retain(filter: BloomFilter, createdBefore: Timestamp, now: Timestamp) throws -> RetainResult {
        var result = RetainResult()
        let limit = createdBefore.roundedDownSeconds
        let isGarbage = { (record: IndexRecord) in
            guard !record.isTrashed, record.created < limit else { return false }
            result.examined += 1
            return !filter.mayContain(record.pieceID)
        }
        try forEachSlice(where: isGarbage) { garbage in
            let trashed = garbage.map { $0.withTrashed(max(1, now.roundedUpSeconds)) }
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
        try forEachSlice(where: \.isTrashed) { count += try revive($0, durably: false) }
        try index.withLock { try $0.synchronize() }
        return count
    }
}
