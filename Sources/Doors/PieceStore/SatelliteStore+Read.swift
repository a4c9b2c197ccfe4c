import Logging
import StorageModel
import Synchronization

extension SatelliteStore {
    /// The trailer, the file and the place of a piece; a trashed one is brought back first, durably, unless it is only
    /// looked at.
    func read(
        _ pieceID: PieceID, restoring: Bool
    ) throws -> (trailer: Trailer, file: any File, offset: Int64, wasTrashed: Bool) {
        // A compaction may move the piece between the look-up and the opening of its log.
        for _ in 0..<3 {
            guard let record = state.withLock({ $0.table[pieceID] }) else { break }
            do {
                let (trailer, file) = try readTrailer(of: record)
                let wasTrashed = record.isTrashed && restoring ? try revive([record], durably: true) > 0 : false
                return (trailer, file, record.offset, wasTrashed)
            } catch {
                let now = state.withLock { $0.table[pieceID] }
                if now?.isSameEntry(as: record) ?? false { throw error }
            }
        }
        throw PieceStoreError(.notFound, "piece \(pieceID) is not stored")
    }

    /// Reads and checks the trailer of an entry.
    func readTrailer(of record: IndexRecord) throws -> (Trailer, any File) {
        let (file, key) = try openLog(record.log)
        let bytes = try file.bytes(at: record.trailerOffset, count: record.trailerSize)
        guard let trailer = Trailer(parsing: bytes, key: key), trailer.piece.pieceID == record.pieceID,
            trailer.piece.satellite == satellite, trailer.piece.size == Int64(record.contentSize)
        else {
            throw PieceStoreError(.corrupt, "the trailer of piece \(record.pieceID) is damaged")
        }
        return (trailer, file)
    }

    /// Takes pieces out of the trash; how many were still in it.
    func revive(_ records: [IndexRecord], durably: Bool) throws -> Int {
        try publish(records.map { $0.withTrashed(0) }, durably: durably) { record, state in
            guard let current = state.table[record.pieceID] else { return true }
            return !current.isTrashed || !current.isSameEntry(as: record)
        }.count
    }
}
