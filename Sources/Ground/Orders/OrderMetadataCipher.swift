internal import Crypto
internal import Foundation
package import StorageModel
package import WireMessages

/// Whom the bytes of an order limit are charged to.
package struct OrderMetadata: Hashable, Sendable {
    /// The project.
    package var project: ProjectID
    /// The bucket's name, at most 63 bytes.
    package var bucket: [UInt8]

    /// Names a bucket.
    package init(project: ProjectID, bucket: [UInt8]) {
        self.project = project
        self.bucket = bucket
    }
}

/// Seals a satellite's note to itself into its order limits, unreadable for nodes.
///
/// The cipher is AES-GCM under a key that HMAC-SHA256 makes of the secret and the limit's serial number: serial
/// numbers do not repeat, so neither does a key.
///
/// - Source: protocol document 3 §4.5 leaves the form to the satellite; §3.2 bounds its size.
package struct OrderMetadataCipher: Sendable {
    private let keys: [(id: [UInt8], key: SymmetricKey)]

    /// A cipher over secrets of 32 bytes, newest first: the first one seals, all of them open.
    package init(keys: [[UInt8]]) {
        precondition(!keys.isEmpty && keys.allSatisfy { $0.count == 32 }, "a secret has 32 bytes")
        self.keys = keys.map { (id: Array(SHA256.hash(data: $0).prefix(8)), key: SymmetricKey(data: $0)) }
    }

    /// The sealed note, 32 bytes longer than the bucket's name, and the id of the key, 8 bytes.
    package func seal(_ metadata: OrderMetadata, serialNumber: SerialNumber) -> (keyID: [UInt8], sealed: [UInt8]) {
        let key = Self.key(keys[0].key, serialNumber)
        let plain = metadata.project.bytes + metadata.bucket
        guard let box = try? AES.GCM.seal(plain, using: key, nonce: Self.nonce()) else {
            preconditionFailure("AES-GCM seals any short text")
        }
        return (keys[0].id, Array(box.ciphertext) + Array(box.tag))
    }

    /// The note in a limit; nil when there is none or it is not ours.
    package func open(_ limit: OrderLimit) -> OrderMetadata? {
        let sealed = limit.encryptedMetadata
        guard sealed.count >= 32, let secret = keys.first(where: { $0.id == limit.encryptedMetadataKeyID })?.key,
            let box = try? AES.GCM.SealedBox(
                nonce: Self.nonce(), ciphertext: sealed.dropLast(16), tag: sealed.suffix(16)),
            let plain = try? AES.GCM.open(box, using: Self.key(secret, limit.serialNumber)),
            let project = ProjectID(plain.prefix(16))
        else { return nil }
        return OrderMetadata(project: project, bucket: Array(plain.dropFirst(16)))
    }

    private static func key(_ secret: SymmetricKey, _ serialNumber: SerialNumber) -> SymmetricKey {
        SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: serialNumber.bytes, using: secret))
    }

    private static func nonce() -> AES.GCM.Nonce {
        guard let nonce = try? AES.GCM.Nonce(data: [UInt8](repeating: 0, count: 12)) else {
            preconditionFailure("a nonce has 12 bytes")
        }
        return nonce
    }
}
