package import StorageModel

extension Overlay {
    /// Keeps how many pieces nodes have, as a pass over all segments counted them. Unknown nodes are passed over.
    ///
    /// - Throws: `DatabaseError`.
    package func setPieceCounts(_ counts: [NodeID: Int]) async throws {
        for (id, count) in counts.sorted(by: { $0.key < $1.key }) {
            guard let record = record(of: id), record.pieceCount != Int64(count) else { continue }
            try await change(id) { node in
                guard var node else { throw OverlayError.unknownNode(id) }
                node.pieceCount = Int64(count)
                return node
            }
        }
    }
}
