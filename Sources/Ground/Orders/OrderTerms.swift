package import StorageModel
package import WireMessages

/// What all order limits of one segment request have in common.
///
/// A satellite keeps these with the request, because replacement limits must have the same serial number and key.
///
/// - Source: protocol document 3 §1.6.6.
package struct OrderTerms: Hashable, Sendable {
    /// What is allowed.
    package var action: PieceAction
    /// The replay key.
    package var serialNumber: SerialNumber
    /// From which each node's piece id is derived.
    package var rootPieceID: PieceID
    /// The public half of the piece key, 32 bytes.
    package var uplinkPublicKey: [UInt8]
    /// The most bytes, at least 0.
    package var limit: Int64
    /// When the request was answered.
    package var orderCreation: Timestamp
    /// The end of validity.
    package var orderExpiration: Timestamp
    /// When nodes may forget the piece; nil keeps it.
    package var pieceExpiration: Timestamp?
    /// Whom to charge; nil for the satellite's own transfers.
    package var metadata: OrderMetadata?

    /// The terms of a request that was answered before.
    package init(
        action: PieceAction, serialNumber: SerialNumber, rootPieceID: PieceID, uplinkPublicKey: [UInt8], limit: Int64,
        orderCreation: Timestamp, orderExpiration: Timestamp, pieceExpiration: Timestamp?, metadata: OrderMetadata?
    ) {
        self.action = action
        self.serialNumber = serialNumber
        self.rootPieceID = rootPieceID
        self.uplinkPublicKey = uplinkPublicKey
        self.limit = limit
        self.orderCreation = orderCreation
        self.orderExpiration = orderExpiration
        self.pieceExpiration = pieceExpiration
        self.metadata = metadata
    }

    /// The terms of a new request, with a fresh serial number.
    package init(
        action: PieceAction, limit: Int64, rootPieceID: PieceID, uplinkPublicKey: [UInt8],
        pieceExpiration: Timestamp? = nil, metadata: OrderMetadata?, now: Timestamp,
        lifetime: Duration = .seconds(24 * 3600), random: RandomSource
    ) {
        let expiration = now.advanced(by: lifetime)
        self.init(
            action: action, serialNumber: .fresh(expiration: expiration, random: random), rootPieceID: rootPieceID,
            uplinkPublicKey: uplinkPublicKey, limit: limit, orderCreation: now, orderExpiration: expiration,
            pieceExpiration: pieceExpiration, metadata: metadata)
    }
}

extension SerialNumber {
    /// The big-endian seconds of the expiration, then 8 random bytes: old numbers sort before new ones.
    ///
    /// - Source: protocol document 3 §1.2.
    package static func fresh(expiration: Timestamp, random: RandomSource) -> SerialNumber {
        var bytes = random.bytes(count: 16)
        let seconds = UInt64(bitPattern: expiration.seconds)
        for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: seconds >> UInt64(56 - index * 8)) }
        guard let serialNumber = SerialNumber(bytes) else { preconditionFailure("a serial number has 16 bytes") }
        return serialNumber
    }
}
