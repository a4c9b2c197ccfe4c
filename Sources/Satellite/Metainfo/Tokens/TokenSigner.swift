import Crypto

/// Seals the tokens this satellite hands to clients, so that they come back unchanged or not at all.
///
/// A token is `format ‖ key id ‖ body ‖ HMAC-SHA256(format ‖ key id ‖ body)` with the code cut to 16 bytes. The key id
/// lets an operator bring in a new key while tokens of the old one are still about.
/// - Source: protocol document 2 §3.1.
package struct TokenSigner: Sendable {
    private static let codeLength = 16

    private let keys: [UInt8: SymmetricKey]
    private let current: UInt8

    /// A signer with one key.
    ///
    /// - Parameter key: at least 32 secret bytes, kept with the satellite's identity.
    package init(key: [UInt8], id: UInt8 = 1) {
        self.init(keys: [id: key], current: id)
    }

    /// A signer that signs with the key `current` and accepts every key of `keys`.
    package init(keys: [UInt8: [UInt8]], current: UInt8) {
        precondition(keys[current] != nil, "the signing key is among the known ones")
        precondition(keys.values.allSatisfy { $0.count >= 32 }, "a token key has at least 32 bytes")
        self.keys = keys.mapValues { SymmetricKey(data: $0) }
        self.current = current
    }

    /// Seals a body.
    func seal(format: UInt8, body: [UInt8]) -> [UInt8] {
        guard let key = keys[current] else { preconditionFailure("the signing key is among the known ones") }
        var token: [UInt8] = [format, current]
        token += body
        token += HMAC<SHA256>.authenticationCode(for: token, using: key).prefix(Self.codeLength)
        return token
    }

    /// Opens a token of `format`.
    ///
    /// - Throws: `TokenError` when the token was not sealed by this satellite.
    func open(_ token: [UInt8], format: UInt8) throws(TokenError) -> ArraySlice<UInt8> {
        guard !token.isEmpty else { throw .forged }
        guard token.count >= 2 + Self.codeLength else { throw .truncated }
        guard token[0] == format, let key = keys[token[1]] else { throw .forged }
        let end = token.count - Self.codeLength
        let code = HMAC<SHA256>.authenticationCode(for: token[..<end], using: key)
        var difference: UInt8 = 0
        for (ours, theirs) in zip(code, token[end...]) { difference |= ours ^ theirs }
        guard difference == 0 else { throw .forged }
        return token[2..<end]
    }
}

/// Why a token is refused.
package enum TokenError: Error, Hashable {
    /// Shorter than any token, or its body ends early.
    case truncated
    /// Of another kind, of an unknown key, or changed on its way.
    case forged
}
