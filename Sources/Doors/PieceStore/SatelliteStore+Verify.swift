import Logging
import StorageModel
import Synchronization

extension SatelliteStore {
    /// Reads all of an entry again; nil when every byte is as it was stored, or the piece moved or went meanwhile.
    ///
    /// A read that fails is tried once more: what counts is what the disk says twice.
    func fault(of record: IndexRecord) throws -> PieceFault? {
        guard let fault = try firstFault(of: record), try firstFault(of: record) != nil else { return nil }
        let current = state.withLock { $0.table[record.pieceID] }
        return current?.isSameEntry(as: record) ?? false ? fault : nil
    }

    private func firstFault(of record: IndexRecord) throws -> PieceFault? {
        if state.withLock({ $0.isLost(record) }) { return .lost }
        do {
            let (trailer, file) = try readTrailer(of: record)
            let scanner = LogScanner(file: file, key: [], satellite: satellite, log: record.log)
            return try scanner.isContentValid(of: trailer, at: record.offset) ? nil : .rotten
        } catch let error as PieceStoreError {
            switch error.code {
            case .corrupt: return .rotten
            case .missingFile: return .lost
            case .system: return .unreadable
            case .notFound, .alreadyExists, .noSpace, .tooLarge, .closed: throw error
            }
        }
    }

    /// Forgets pieces for good, durably, so that repaired copies can come; how many were still there.
    func discard(_ pieces: [PieceID]) throws -> Int {
        broken.withLock { $0.subtract(pieces) }
        let records = state.withLock { state in pieces.compactMap { state.table[$0] } }
        return try publish(records.map(\.removal), durably: true) { record, state in
            !(state.table[record.pieceID]?.isSameEntry(as: record) ?? false)
        }.count
    }

    /// Pieces that were found broken when the store was opened, or in parts of logs that were gone; about as many as
    /// `limit`.
    func lostPieces(limit: Int) -> [PieceID] {
        let broken = broken.withLock { Array($0.prefix(limit)) }
        if !broken.isEmpty { return broken }
        readHeaders()
        let isAnyLost = state.withLock { $0.logs.values.contains { $0.lostFrom != nil } }
        guard isAnyLost else { return [] }
        var lost: [PieceID] = []
        var cursor = IndexTable.Cursor()
        while lost.count < limit {
            let slice = state.withLock { state -> [PieceID]? in
                state.table.next(&cursor, limit: Self.scanSize)?.filter { state.isLost($0) }.map(\.pieceID)
            }
            guard let slice else { break }
            lost += slice
        }
        return lost
    }

    /// Deletes everything of the satellite. The index goes first: a crash leaves logs from which it is made again, never an
    /// index whose logs are gone, which would look like a loss.
    func deleteAll() throws {
        let names = try fileSystem.list(folder)
        let ordered = names.filter { $0 == IndexFile.name } + names.filter { $0 != IndexFile.name }
        for name in ordered {
            try fileSystem.remove("\(folder)/\(name)")
            if name == IndexFile.name { try fileSystem.synchronizeFolder(folder) }
        }
        try fileSystem.synchronizeFolder(folder)
    }
}

extension SatelliteStore.State {
    /// Whether a piece stood in a part of a log that is gone.
    func isLost(_ record: IndexRecord) -> Bool {
        guard let log = logs[record.log] else { return true }
        return log.lostFrom.map { record.end > $0 } ?? false
    }
}
