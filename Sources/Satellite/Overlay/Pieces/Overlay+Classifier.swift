import StorageModel
import Synchronization

extension Overlay {
    /// What all nodes are worth at this moment, for judging pieces; does not suspend.
    package func classifier() -> PieceClassifier {
        let now = clock.now()
        let (nodes, unreachable, watch) = state.withLock { ($0.nodes, $0.unreachable, $0.watch) }
        var networks: [String: Int] = [:]
        var conditions: [NodeID: NodeCondition] = [:]
        conditions.reserveCapacity(nodes.count)
        for (id, entry) in nodes {
            // Where places do not matter, every node has one of its own.
            let place = settings.distinctSubnet ? entry.record.lastNet : "\(id)"
            let network = networks[place] ?? networks.count
            networks[place] = network
            let isOnline = watch.isPresent(entry.record, at: now, settings) && !unreachable.contains(id)
            conditions[id] = NodeCondition(entry.record, isOnline: isOnline, network: network)
        }
        return PieceClassifier(conditions: conditions, placements: settings.placements)
    }
}
