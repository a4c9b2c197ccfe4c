import Database
package import StorageModel

extension Overlay {
    /// Keeps how many pieces nodes have, as a pass over all segments counted them. Unknown nodes are passed over.
    ///
    /// - Throws: `DatabaseError`.
    package func setPieceCounts(_ counts: [NodeID: Int]) async throws {
        let changed = counts.filter { id, count in record(of: id).map { $0.pieceCount != Int64(count) } ?? false }
        guard !changed.isEmpty else { return }
        let entries = try await database.write { session in
            try changed.compactMap { id, count -> Entry? in
                guard var node = try NodeRecord.fetch(id, in: session) else { return nil }
                node.pieceCount = Int64(count)
                try node.save(in: session)
                return Entry(record: node, revision: self.nextRevision())
            }
        }
        take(entries)
    }
}
