package import Crypto
import Foundation

/// Keeps what is written into the database unreadable to who has only the database.
package struct RecordSeal: Sendable {
    private let key: SymmetricKey

    /// - Parameters:
    ///   - key: the gateway's own key.
    ///   - purpose: what is sealed; seals of different purposes do not open each other's bytes.
    package init(key: SymmetricKey, purpose: String) {
        self.key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("storj gateway record: \(purpose)".utf8), outputByteCount: 32)
    }

    /// Seals bytes for one place: they do not open in another.
    ///
    /// - Returns: nonce (12 bytes), ciphertext, tag (16 bytes).
    package func seal(_ bytes: [UInt8], place: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(Data(bytes), using: key, authenticating: Data(place.utf8))
        guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return [UInt8](combined)
    }

    /// Opens what was sealed for the same place.
    ///
    /// - Throws: when it was sealed under another key, for another place, or changed since.
    package func open(_ sealed: [UInt8], place: String) throws -> [UInt8] {
        try [UInt8](AES.GCM.open(.init(combined: sealed), using: key, authenticating: Data(place.utf8)))
    }
}
