import Crypto
package import StorageModel

/// What a signed-in visitor's cookie holds: 32 random bytes, of which the server keeps only the hash.
package struct SessionToken: Hashable, Sendable {
    /// 32 bytes.
    package let bytes: [UInt8]

    /// A fresh token.
    package init(random: RandomSource) { bytes = random.bytes(count: 32) }

    /// The token in a cookie; nil for what is none.
    package init?(text: some StringProtocol) {
        guard text.utf8.count == 64, let bytes = Hexadecimal.decode(String(text)) else { return nil }
        self.bytes = bytes
    }

    /// As the cookie has it.
    package var text: String { Hexadecimal.encode(bytes) }
    /// SHA-256 of the bytes: what a store keeps.
    package var digest: [UInt8] { Array(SHA256.hash(data: bytes)) }
}
