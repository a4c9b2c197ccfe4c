internal import Crypto
internal import Foundation
package import StorageModel
package import WireMessages

/// The Ed25519 pair of one upload or download: the uplink signs with it, nodes read its public half in the limit.
///
/// - Source: protocol document 1 §8.
package struct PieceKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// A fresh pair.
    package static func generate(random: RandomSource) -> PieceKey {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: random.bytes(count: 32)) else {
            preconditionFailure("any 32 bytes are an Ed25519 seed")
        }
        return PieceKey(key: key)
    }

    /// Parses the form in which a satellite hands the pair out.
    ///
    /// - Throws: `malformedPieceKey`.
    package init(privateKey: [UInt8]) throws(OrdersError) {
        guard privateKey.count == 64,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: privateKey.prefix(32)),
            key.publicKey.rawRepresentation.elementsEqual(privateKey.suffix(32))
        else { throw .malformedPieceKey }
        self.key = key
    }

    private init(key: Curve25519.Signing.PrivateKey) { self.key = key }

    /// The form in which a satellite hands the pair out: 64 bytes, seed and public key. A secret.
    package var privateKey: [UInt8] { Array(key.rawRepresentation) + publicKey }

    /// The public half, 32 bytes.
    package var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

    /// The same order with the uplink's signature.
    package func sign(_ order: Order) -> Order {
        Order(serialNumber: order.serialNumber, amount: order.amount, uplinkSignature: sign(order.signingBytes))
    }

    /// The same hash with the uplink's signature.
    package func sign(_ hash: PieceHash) -> PieceHash { hash.signed(sign(hash.signingBytes)) }

    private func sign(_ bytes: [UInt8]) -> [UInt8] {
        guard let signature = try? key.signature(for: bytes) else {
            preconditionFailure("Ed25519 signs any bytes")
        }
        return Array(signature)
    }
}

/// The public half, ready to verify.
struct PieceVerifier: Sendable {
    private let key: Curve25519.Signing.PublicKey?

    /// A key that is not 32 bytes verifies nothing.
    init(publicKey: [UInt8]) {
        key = publicKey.count == 32 ? try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) : nil
    }

    /// Whether `signature` covers `bytes`; about 50 µs.
    func isValid(_ signature: [UInt8], for bytes: [UInt8]) -> Bool {
        guard let key, signature.count == 64 else { return false }
        return key.isValidSignature(signature, for: bytes)
    }
}
