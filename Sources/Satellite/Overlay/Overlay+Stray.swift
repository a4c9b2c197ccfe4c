import Logging
import StorageModel
import Synchronization

extension Overlay {
    /// Disqualifies nodes that have been silent for longer than `strayAfter`.
    ///
    /// - Returns: how many.
    /// - Throws: `DatabaseError`.
    func disqualifyStrayNodes() async throws -> Int {
        let now = clock.now()
        let strays = state.withLock { state in
            state.nodes.values.map(\.record).filter { node in
                node.servesDownloads
                    && now.duration(since: node.lastContactSuccess ?? node.createdAt) > settings.strayAfter
            }
        }
        for stray in strays {
            try await disqualify(stray.id, reason: .offline)
            logger.info("stray node disqualified", metadata: ["node_id": "\(stray.id)"])
        }
        return strays.count
    }
}
