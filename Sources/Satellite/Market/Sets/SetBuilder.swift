package import Heartbeats
package import Metabase
package import StorageModel

/// Makes the sets of all nodes from one look at the metadata, in memory that does not grow with them.
package struct SetBuilder: Sendable {
    let metabase: Metabase
    let folder: HeartbeatFolder
    /// Bytes.
    let memory: Int

    /// Makes sets in a folder.
    package init(metabase: Metabase, folder: HeartbeatFolder, memory: Int) {
        self.metabase = metabase
        self.folder = folder
        self.memory = memory
    }

    /// Writes the set of every node that has provable pieces, durably, and says what all nodes hold.
    ///
    /// - Parameters:
    ///   - asOf: pieces that were stored later do not count yet.
    ///   - until: when the last answer is due; pieces that expire before are not asked for.
    ///   - lost: pieces that nodes have reported lost: nobody is paid for them, nobody answers for them.
    ///   - isWanted: true for nodes that answer heartbeats, false for nodes that do not, nil for nodes that are gone.
    @concurrent
    package func build(
        period: UInt64, asOf: Timestamp, until: Timestamp, lost: [NodeID: [PieceID]] = [:],
        isWanted: @escaping @Sendable (NodeID) -> Bool?
    ) async throws -> [(node: NodeID, holding: HeartbeatHolding)] {
        try folder.remove("sets", period: period)
        let spill = try SetSpill(
            folder: "\(folder.path)/spill", memory: memory / 2, asOf: asOf, until: until, isWanted: isWanted)
        defer { spill.remove() }
        try await metabase.scanHashes(batchSize: 500) { nodes in
            spill.begin(nodes)
        } _: { segments in
            try spill.process(segments)
            return !Task.isCancelled
        }
        try Task.checkCancellation()
        var holdings: [(node: NodeID, holding: HeartbeatHolding)] = []
        for alias in spill.slots.indices {
            guard let slot = spill.slots[alias] else { continue }
            var holding = try build(alias, slot.node, spill, period, lost: Set(lost[slot.node] ?? []))
            holding.unprovablePieceCount = slot.holding.unprovablePieceCount
            holding.unprovableByteCount = slot.holding.unprovableByteCount
            if holding.pieceCount + holding.unprovablePieceCount > 0 { holdings.append((slot.node, holding)) }
            await Task.yield()
            try Task.checkCancellation()
        }
        return holdings
    }

    private func build(
        _ alias: Int, _ node: NodeID, _ spill: SetSpill, _ period: UInt64, lost: Set<PieceID>
    ) throws -> HeartbeatHolding {
        let count = spill.recordSize(of: alias) / SetRecord.size
        guard count > 0 else { return HeartbeatHolding() }
        var writer = try SetWriter(path: folder.set(node, period: period))
        let parts = (count * SetSorter.bytesPerRecord + memory - 1) / memory
        if parts <= 1 {
            try Self.add(spill.takeRecords(of: alias), to: &writer, except: lost)
        } else {
            for part in try spill.split(alias, into: parts * 2) {
                try Self.add(HeartbeatFolder.read(part) ?? [], to: &writer, except: lost)
            }
        }
        return try writer.finish()
    }

    /// Writes the set of records in any order, durably.
    package static func write(_ records: [UInt8], to path: String) throws -> HeartbeatHolding {
        var writer = try SetWriter(path: path)
        try add(records, to: &writer)
        return try writer.finish()
    }

    private static func add(
        _ records: [UInt8], to writer: inout SetWriter, except lost: Set<PieceID> = []
    ) throws {
        let sorted = SetSorter.sorted(records)
        try sorted.withUnsafeBytes { sorted in
            for start in stride(from: 0, to: sorted.count, by: SetRecord.size) {
                let record = UnsafeRawBufferPointer(rebasing: sorted[start..<start + SetRecord.size])
                guard let piece = SetRecord.parse(record) else { throw MarketError.damagedFile("records") }
                if !lost.isEmpty, lost.contains(piece.id) { continue }
                try writer.append(piece, record: record)
            }
        }
    }
}
