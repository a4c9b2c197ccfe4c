import Crypto
package import StorageModel

/// A macaroon: a random head, restrictions anyone may append, and a tail that proves them.
///
/// `tail₀ = HMAC-SHA256(secret, head)` and `tailᵢ = HMAC-SHA256(tailᵢ₋₁, caveatᵢ)`. Whoever holds a tail can restrict
/// further, so a key has no description that could land in a log.
/// - Source: protocol document 1 §4.1.
package struct APIKey: Hashable, Sendable {
    /// The public name of the key, by which a satellite finds its secret; 32 bytes in minted keys.
    package let head: [UInt8]
    /// The restrictions, oldest first, as the bytes that were signed.
    package let caveats: [[UInt8]]
    /// The last tail.
    package let tail: Bytes32

    /// The longest serialized key that is read: far above any real one, so that a peer's key costs bounded work.
    package static let maximumSize = 1 << 20
    /// Bytes of a secret and of a minted head.
    package static let secretSize = 32

    init(head: [UInt8], caveats: [[UInt8]], tail: Bytes32) {
        self.head = head
        self.caveats = caveats
        self.tail = tail
    }

    /// The unrestricted key of a head and its secret.
    package init(head: [UInt8], secret: [UInt8]) {
        self.init(head: head, caveats: [], tail: Self.tail(key: secret, message: head))
    }

    /// A new unrestricted key and the secret that only the satellite keeps, 32 bytes.
    package static func mint(using random: RandomSource) -> (key: APIKey, secret: [UInt8]) {
        let secret = random.bytes(count: secretSize)
        return (APIKey(head: random.bytes(count: secretSize), secret: secret), secret)
    }

    /// This key with one more restriction.
    package func restricted(by caveat: Caveat) -> APIKey {
        restricted(byEncoded: caveat.encoded)
    }

    /// This key with one more restriction, given as the bytes to sign.
    package func restricted(byEncoded caveat: [UInt8]) -> APIKey {
        APIKey(head: head, caveats: caveats + [caveat], tail: Self.tail(key: tail.bytes, message: caveat))
    }

    /// All tails, that of the unrestricted key first: `caveats.count + 1` of them.
    ///
    /// A key is dead as soon as any of them is revoked.
    package func tails(secret: [UInt8]) -> [Bytes32] {
        var tails = [Self.tail(key: secret, message: head)]
        tails.reserveCapacity(caveats.count + 1)
        for caveat in caveats { tails.append(Self.tail(key: tails[tails.count - 1].bytes, message: caveat)) }
        return tails
    }

    /// Checks the tail against the secret and reads the caveats.
    ///
    /// - Throws: `.invalid` when the tail does not follow, `.unauthorized` when a caveat cannot be read: what is not
    ///   understood restricts everything.
    package func verified(secret: [UInt8]) throws(APIKeyError) -> VerifiedAPIKey {
        let tails = tails(secret: secret)
        guard Self.isEqual(tails[tails.count - 1], tail) else { throw .invalid }
        var parsed: [Caveat] = []
        for caveat in caveats {
            do { parsed.append(try Caveat(encoded: caveat)) } catch { throw .unauthorized }
        }
        return VerifiedAPIKey(key: self, tails: tails, caveats: parsed)
    }

    private static func tail(key: [UInt8], message: [UInt8]) -> Bytes32 {
        let code = HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key))
        guard let tail = Bytes32(Array(code)) else { preconditionFailure("HMAC-SHA256 has 32 bytes") }
        return tail
    }

    /// Compares without telling by its duration where the first difference lies.
    private static func isEqual(_ left: Bytes32, _ right: Bytes32) -> Bool {
        zip(left.words, right.words).reduce(0 as UInt64) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
