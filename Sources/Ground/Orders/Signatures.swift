package import Identity
package import WireMessages

extension OrderLimit {
    /// The same limit with the satellite's signature.
    ///
    /// - Source: protocol document 3 §1.6.1.
    package func signed(by satellite: NodeIdentity) -> OrderLimit { signed(satellite.sign(signingBytes)) }

    /// Whether the satellite's key signed this limit, unknown fields included.
    package func isSigned(by satellite: PeerIdentity) -> Bool {
        satellite.isValidSignature(satelliteSignature, for: signingBytes)
    }
}

extension Order {
    /// Whether the piece key signed this order. An order with unknown fields is not accepted.
    ///
    /// - Source: protocol document 3 §1.6.2 and §1.6.5.
    package func isSigned(byPieceKey publicKey: [UInt8]) -> Bool { isSigned(by: PieceVerifier(publicKey: publicKey)) }

    func isSigned(by verifier: PieceVerifier) -> Bool {
        !hasUnknownFields && verifier.isValid(uplinkSignature, for: signingBytes)
    }
}

extension PieceHash {
    /// The same hash with a node's signature.
    ///
    /// - Source: protocol document 3 §1.6.3.
    package func signed(by node: NodeIdentity) -> PieceHash { signed(node.sign(signingBytes)) }

    /// Whether the node's key signed this hash. A hash with unknown fields is not accepted.
    package func isSigned(by node: PeerIdentity) -> Bool {
        !hasUnknownFields && node.isValidSignature(signature, for: signingBytes)
    }

    /// Whether the piece key signed this hash. A hash with unknown fields is not accepted.
    package func isSigned(byPieceKey publicKey: [UInt8]) -> Bool {
        !hasUnknownFields && PieceVerifier(publicKey: publicKey).isValid(signature, for: signingBytes)
    }
}
