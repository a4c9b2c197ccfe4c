package import Identity
package import StorageModel
package import WireMessages

/// Which orders a satellite pays for.
///
/// - Source: protocol document 3 §4.3.
package struct SettlementRules: Sendable {
    private let satellite: PeerIdentity

    /// The rules of one satellite.
    package init(satellite: PeerIdentity) { self.satellite = satellite }

    /// Whether an order that `node` hands in counts. That all orders of a stream belong to one hour and have different
    /// serial numbers is left to whoever reads the stream.
    package func accepts(_ request: SettlementRequest, from node: NodeID, at now: Timestamp) -> Bool {
        guard let limit = request.limit, let order = request.order,
            limit.storageNodeID == node, limit.satelliteID == satellite.id,
            let expiration = limit.orderExpiration, expiration >= now, limit.orderCreation != nil,
            order.serialNumber == limit.serialNumber, (0...max(0, limit.limit)).contains(order.amount)
        else { return false }
        return limit.isSigned(by: satellite) && order.isSigned(byPieceKey: limit.uplinkPublicKey)
    }
}
