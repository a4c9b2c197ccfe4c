import Crypto
package import StorageModel

/// A secret of 32 bytes. It has no description that could land in a log.
package struct EncryptionKey: Hashable, Sendable {
    private let storage: Bytes32

    /// Parses exactly 32 bytes; nil for any other count.
    package init?(_ bytes: some Collection<UInt8>) {
        guard let storage = Bytes32(bytes) else { return nil }
        self.storage = storage
    }

    /// A new random key.
    package static func random(using source: RandomSource) -> EncryptionKey {
        guard let key = EncryptionKey(source.bytes(count: Bytes32.byteCount)) else {
            preconditionFailure("a random source returns the count asked for")
        }
        return key
    }

    /// The 32 bytes.
    package var bytes: [UInt8] { storage.bytes }

    /// The key's child named by a message: the first half of `HMAC-SHA512(key, message)`.
    ///
    /// - Source: protocol document 1 §6.1.
    package func derived(_ message: some Sequence<UInt8>) -> EncryptionKey {
        guard let key = EncryptionKey(authenticationCode(for: Array(message)).prefix(32)) else {
            preconditionFailure("HMAC-SHA512 has 64 bytes")
        }
        return key
    }

    /// The key that stands below this one for a path component, or for a bucket below a default key.
    func derived(component: some Sequence<UInt8>) -> EncryptionKey {
        derived(Array("path:".utf8) + component)
    }

    /// The key that encrypts the random keys of an object, from the key of its path.
    package var contentKey: EncryptionKey { derived("content".utf8) }

    /// `HMAC-SHA512(key, message)`, 64 bytes.
    func authenticationCode(for message: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA512>.authenticationCode(for: message, using: SymmetricKey(data: bytes)))
    }
}

extension EncryptionKey: CustomStringConvertible, CustomReflectable {
    /// Says only what it is.
    package var description: String { "encryption key" }
    /// Shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
