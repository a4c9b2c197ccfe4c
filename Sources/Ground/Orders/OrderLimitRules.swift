package import Identity
package import StorageModel
package import WireMessages

/// Which way a piece travels.
package enum Transfer: Sendable {
    /// To the node.
    case upload
    /// From the node.
    case download

    /// The actions that a limit for this direction may allow.
    package var actions: Set<PieceAction> {
        switch self {
        case .upload: [.put, .putRepair]
        case .download: [.get, .getAudit, .getRepair]
        }
    }
}

/// What a node demands of an order limit before it moves a byte.
///
/// Whether the satellite is trusted and whether the serial number was used are the node's own knowledge; the order is
/// `check`, trust, `checkSignature`, serial number.
///
/// - Source: protocol document 3 §1.7, codes §1.5.
package struct OrderLimitRules: Sendable {
    private let nodeID: NodeID
    private let settings: OrderSettings

    /// The rules of the node `nodeID`.
    package init(nodeID: NodeID, settings: OrderSettings = OrderSettings()) {
        self.nodeID = nodeID
        self.settings = settings
    }

    /// Checks everything that needs no key.
    ///
    /// - Throws: code 3.
    package func check(_ limit: OrderLimit, for transfer: Transfer, at now: Timestamp) throws(RPCStatusError) {
        try require(transfer.actions.contains(limit.action), "unexpected action \(limit.action)")
        try require(limit.limit >= 0, "order limit is negative")
        try require(limit.storageNodeID == nodeID, "order intended for other storagenode: \(limit.storageNodeID)")
        try require(!isExpired(limit.pieceExpiration, at: now), "piece expired")
        try require(!isExpired(limit.orderExpiration, at: now), "order expired")
        try checkCreation(limit.orderCreation, at: now)
        try require(!limit.satelliteID.isZero, "missing satellite id")
        try require(limit.uplinkPublicKey.contains { $0 != 0 }, "missing uplink public key")
        try require(!limit.satelliteSignature.isEmpty, "missing satellite signature")
        try require(!limit.pieceID.isZero, "missing piece id")
    }

    /// Checks the satellite's signature; `satellite` is the identity of `limit.satelliteID`.
    ///
    /// - Throws: code 16.
    package func checkSignature(_ limit: OrderLimit, by satellite: PeerIdentity) throws(RPCStatusError) {
        guard limit.satelliteID == satellite.id, limit.isSigned(by: satellite) else {
            throw RPCStatusError(.unauthenticated, "order limit is not signed by its satellite")
        }
    }

    private func isExpired(_ expiration: Timestamp?, at now: Timestamp) -> Bool {
        guard let expiration else { return false }
        return expiration < now.advanced(by: .zero - settings.expirationGrace)
    }

    private func checkCreation(_ creation: Timestamp?, at now: Timestamp) throws(RPCStatusError) {
        guard let creation, creation >= now.advanced(by: .zero - settings.creationGrace) else {
            throw RPCStatusError(.invalidArgument, "order created too long ago")
        }
        try require(creation <= now.advanced(by: settings.creationGrace), "order created too far in the future")
    }

    private func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(RPCStatusError) {
        if !condition { throw RPCStatusError(.invalidArgument, message()) }
    }
}
