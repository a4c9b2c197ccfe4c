package import Identity
package import StorageModel
package import WireMessages

/// Makes a satellite's order limits.
package struct OrderLimitIssuer: Sendable {
    private let identity: NodeIdentity
    private let cipher: OrderMetadataCipher

    /// Signs as `identity`, which is also the identity nodes meet in TLS.
    package init(identity: NodeIdentity, cipher: OrderMetadataCipher) {
        self.identity = identity
        self.cipher = cipher
    }

    /// The signed limit for one node; costs one P-256 signature.
    ///
    /// Never make two limits of the same terms for one node: the second would be refused as a replay.
    ///
    /// - Parameter pieceNumber: in `0..<256`.
    /// - Throws: `limitTooLong` when a node could not keep it with its piece.
    package func limit(
        _ terms: OrderTerms, node: NodeID, pieceNumber: Int
    ) throws(OrdersError) -> OrderLimit {
        precondition((0..<256).contains(pieceNumber), "a segment has at most 256 pieces")
        let sealed = terms.metadata.map { cipher.seal($0, serialNumber: terms.serialNumber) }
        let limit = OrderLimit(
            serialNumber: terms.serialNumber, satelliteID: identity.id, storageNodeID: node,
            pieceID: terms.rootPieceID.derive(node: node, pieceNumber: Int32(pieceNumber)), limit: terms.limit,
            action: terms.action, pieceExpiration: terms.pieceExpiration, orderExpiration: terms.orderExpiration,
            orderCreation: terms.orderCreation, uplinkPublicKey: terms.uplinkPublicKey,
            encryptedMetadataKeyID: sealed?.keyID ?? [], encryptedMetadata: sealed?.sealed ?? []
        ).signed(by: identity)
        guard limit.encoded.count <= OrderSettings.maximumLimitBytes else { throw .limitTooLong(limit.encoded.count) }
        return limit
    }
}
