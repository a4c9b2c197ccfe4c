import Database
import Logging
import StorageModel

extension Overlay {
    /// Changes a node's standing and writes the event of it in one transaction.
    ///
    /// When the change leaves the record as it was, because somebody else was first, nothing happened.
    /// - Throws: what `body` throws, `OverlayError.unknownNode`; `DatabaseError`.
    @discardableResult func transition(
        _ id: NodeID, _ kind: NodeEvent.Kind, _ body: @escaping @Sendable (inout NodeRecord) throws -> Void
    ) async throws -> NodeRecord {
        let now = clock.now()
        let (entry, isChanged) = try await database.write { [settings] session in
            guard let before = try NodeRecord.fetch(id, in: session) else { throw OverlayError.unknownNode(id) }
            var node = before
            try body(&node)
            if node != before {
                try node.save(in: session)
                try NodeEvent.raise(kind, node: node, at: now, settings: settings, in: session)
            }
            return (Entry(record: node, revision: self.nextRevision()), node != before)
        }
        take([entry])
        if isChanged {
            logger.info("node's standing changed", metadata: ["node_id": "\(id)", "event": "\(kind.name)"])
        }
        return entry.record
    }
}
