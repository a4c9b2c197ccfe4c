import StorageModel
import Synchronization

/// Where a scrub is: everything of lower satellites, of lower logs and before the offset was read.
package struct ScrubPosition: Hashable, Sendable, Codable {
    /// The satellite, as text.
    package var satellite: String
    /// The number of the log.
    package var log: UInt32
    /// Bytes of the log.
    package var offset: Int64
}

/// What one step of a scrub read.
package struct ScrubStep: Hashable, Sendable {
    /// Where to go on; nil when everything was read.
    package var position: ScrubPosition?
    /// Pieces read.
    package var pieces = 0
    /// Bytes read.
    package var bytes: Int64 = 0
    /// What is bad among them.
    package var bad: [BadPiece] = []

    /// Nothing yet.
    package init() {}
}

/// Reads all served pieces again, log by log in the order of the disk, so that rot is found before somebody asks for it.
///
/// Memory is 64 bytes for each piece of one log. One task uses a scrub.
package final class PieceScrub {
    private let store: PieceStore
    private var position: ScrubPosition?
    private var satellite: NodeID?
    private var waiting: ArraySlice<IndexRecord> = []
    private var isStarted = false

    /// A scrub that goes on at a position, or begins for nil.
    package init(store: PieceStore, from position: ScrubPosition?) {
        self.store = store
        self.position = position
    }

    /// Reads pieces until `bytes` were read; at least one, if there is one.
    ///
    /// - Throws: `PieceStoreError` `.closed` when the store is.
    package func step(bytes: Int64) async throws -> ScrubStep {
        var step = ScrubStep()
        while step.bytes < bytes {
            if waiting.isEmpty, try await !openNextLog() {
                step.position = nil
                return step
            }
            guard let satellite, let satelliteStore = store.satelliteStore(satellite) else {
                // The satellite's data was deleted meanwhile.
                waiting = []
                continue
            }
            let (records, budget) = (waiting, bytes - step.bytes)
            let result = try await store.pool.run { try Self.read(records, in: satelliteStore, bytes: budget) }
            waiting = records.dropFirst(result.pieces)
            step.pieces += result.pieces
            step.bytes += result.bytes
            step.bad += result.bad
            position?.offset = waiting.first?.offset ?? .max
        }
        step.position = position
        return step
    }

    private static func read(
        _ records: ArraySlice<IndexRecord>, in store: SatelliteStore, bytes: Int64
    ) throws -> ScrubStep {
        var step = ScrubStep()
        for record in records where step.bytes < bytes {
            // Whoever was moved, trashed or deleted since the log was listed is not read.
            let isCurrent = store.state.withLock { state in
                state.table[record.pieceID].map { $0.isSameEntry(as: record) && !$0.isTrashed } ?? false
            }
            step.pieces += 1
            guard isCurrent else { continue }
            step.bytes += record.entrySize
            guard let fault = try store.fault(of: record) else { continue }
            step.bad.append(BadPiece(satellite: store.satellite, pieceID: record.pieceID, fault: fault))
        }
        return step
    }

    /// Lists the pieces of the next log; false when there is none.
    private func openNextLog() async throws -> Bool {
        while let next = nextLog() {
            let records = try await store.pool.run {
                next.store.records(inLog: next.log) { !$0.isTrashed && $0.offset >= next.offset }
            }
            position = ScrubPosition(satellite: "\(next.store.satellite)", log: next.log, offset: next.offset)
            satellite = next.store.satellite
            isStarted = true
            if !records.isEmpty {
                waiting = records[...]
                return true
            }
            position?.offset = .max
        }
        return false
    }

    private func nextLog() -> (store: SatelliteStore, log: UInt32, offset: Int64)? {
        let stores = store.satelliteStores.sorted { "\($0.satellite)" < "\($1.satellite)" }
        for store in stores {
            let name = "\(store.satellite)"
            if let position, name < position.satellite { continue }
            let isSame = position?.satellite == name
            for log in store.state.withLock({ $0.logs.keys.sorted() }) {
                guard let position, isSame else { return (store, log, 0) }
                if log < position.log { continue }
                if log > position.log { return (store, log, 0) }
                // A position that was kept says how far the log was read; the end of it is the largest there is.
                if !isStarted, position.offset != .max { return (store, log, position.offset) }
            }
        }
        return nil
    }
}
