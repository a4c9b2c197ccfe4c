package import WireMessages

/// The orders of one transfer: how many bytes the uplink has vouched for.
///
/// - Source: protocol document 3 §1.8, codes §1.5.
package struct OrderCredit: Sendable {
    private let limit: OrderLimit
    private let verifier: PieceVerifier
    /// The last accepted order, which is the largest; it goes to settlement, also when the transfer fails.
    package private(set) var largest: Order?

    /// No credit yet.
    package init(limit: OrderLimit) {
        self.limit = limit
        verifier = PieceVerifier(publicKey: limit.uplinkPublicKey)
    }

    /// Bytes vouched for, in `0...limit.limit`.
    package var amount: Int64 { largest?.amount ?? 0 }

    /// Takes an order; a repeated amount is fine. Costs one Ed25519 verification.
    ///
    /// - Throws: code 3 for its numbers, code 16 for its signature; the credit stays as it was.
    package mutating func accept(_ order: Order) throws(RPCStatusError) {
        guard order.serialNumber == limit.serialNumber else {
            throw RPCStatusError(.invalidArgument, "order serial number changed during transfer")
        }
        guard order.amount >= amount else {
            throw RPCStatusError(.invalidArgument, "order amount decreased: \(amount) to \(order.amount)")
        }
        guard order.amount <= limit.limit else {
            throw RPCStatusError(.invalidArgument, "order exceeds its limit: \(order.amount) > \(limit.limit)")
        }
        guard order.isSigned(by: verifier) else {
            throw RPCStatusError(.unauthenticated, "invalid order signature")
        }
        largest = order
    }
}

extension PieceHash {
    /// Holds the uplink's hash to what the node received: `hash` and `size` are the node's own.
    ///
    /// - Throws: code 3 for the size, code 13 for everything else.
    /// - Source: protocol document 3 §1.8, codes §1.5.
    package func verifyUpload(
        limit: OrderLimit, hash: [UInt8], size: Int64, algorithm: PieceHashAlgorithm
    ) throws(RPCStatusError) {
        guard pieceSize == size else {
            throw RPCStatusError(.invalidArgument, "piece size is \(size), announced were \(pieceSize)")
        }
        guard hashAlgorithm == algorithm else {
            throw RPCStatusError(.internal, "hash algorithm changed during upload")
        }
        guard pieceID == limit.pieceID, self.hash == hash else {
            throw RPCStatusError(.internal, "piece hash does not match what was received")
        }
        guard isSigned(byPieceKey: limit.uplinkPublicKey) else {
            throw RPCStatusError(.internal, "invalid piece hash signature")
        }
    }
}
