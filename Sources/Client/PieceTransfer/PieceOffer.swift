import StorageModel
import WireMessages

/// A piece that can be asked for.
struct PieceOffer: Sendable {
    let number: Int
    let limit: OrderLimit
    let node: NodeURL
    /// Signs for all offers with this serial number.
    let orders: OrderCache

    var nodeID: NodeID { limit.storageNodeID }

    /// The offers of an assignment: known piece numbers only, and one a node, as nodes take each serial number once.
    static func all(in assignment: SegmentAssignment) -> [PieceOffer] {
        var caches: [SerialNumber: OrderCache] = [:]
        var nodes: Set<NodeID> = []
        return assignment.limits.prefix(assignment.scheme.totalShares).enumerated().compactMap { number, offered in
            guard let offered, nodes.insert(offered.limit.storageNodeID).inserted else { return nil }
            let serialNumber = offered.limit.serialNumber
            let cache = caches[serialNumber] ?? OrderCache(key: assignment.privateKey, serialNumber: serialNumber)
            caches[serialNumber] = cache
            return PieceOffer(number: number, limit: offered.limit, node: offered.node, orders: cache)
        }
    }
}
