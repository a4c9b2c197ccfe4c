import Logging
import StorageModel
import Synchronization

extension Overlay {
    /// Disqualifies nodes that have been silent for longer than `strayAfter`.
    ///
    /// Only silence that the satellite itself witnessed counts: one that was away, or was restored from an old backup,
    /// has heard nobody and knows nothing.
    /// - Returns: how many.
    /// - Throws: `DatabaseError`.
    func disqualifyStrayNodes() async throws -> Int {
        let now = clock.now()
        let strays = state.withLock { state in
            state.nodes.values.map(\.record).filter { node in
                node.servesDownloads
                    && now.duration(since: max(node.lastContactSuccess ?? node.createdAt, state.watch.since))
                        > settings.strayAfter
            }
        }
        for stray in strays {
            try await disqualify(stray.id, reason: .offline)
            logger.info("stray node disqualified", metadata: ["node_id": "\(stray.id)"])
        }
        return strays.count
    }
}
