import Crypto
import Foundation
import StorageModel

/// What the database and its listings call a credential: the SHA-256 of its access key id, which tells nothing of it.
package struct CredentialID: Hashable, Sendable, CustomStringConvertible {
    /// 32 bytes.
    package let bytes: [UInt8]

    package init(accessKeyID: String) {
        bytes = [UInt8](SHA256.hash(data: Data(accessKeyID.utf8)))
    }

    /// Parses 64 hexadecimal digits.
    package init?(_ text: String) {
        guard let bytes = Hexadecimal.decode(text) else { return nil }
        self.init(bytes: bytes)
    }

    init?(bytes: [UInt8]) {
        guard bytes.count == SHA256.byteCount else { return nil }
        self.bytes = bytes
    }

    /// 64 hexadecimal digits.
    package var description: String { Hexadecimal.encode(bytes) }
}
