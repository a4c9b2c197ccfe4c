/// The client's encrypted words about an object. Empty arrays stand for absent fields, as on the wire.
package struct ObjectMetadata: Hashable, Sendable {
    /// The serialized stream metadata as uploaded.
    package var encrypted: [UInt8]
    /// 24 bytes, or none.
    package var nonce: [UInt8]
    /// The metadata key under the object's derived key: 48 bytes, or none.
    package var encryptedKey: [UInt8]
    package var encryptedETag: [UInt8]
    package var checksum: ObjectChecksum?

    /// Nothing, unless given.
    package init(
        encrypted: [UInt8] = [], nonce: [UInt8] = [], encryptedKey: [UInt8] = [], encryptedETag: [UInt8] = [],
        checksum: ObjectChecksum? = nil
    ) {
        self.encrypted = encrypted
        self.nonce = nonce
        self.encryptedKey = encryptedKey
        self.encryptedETag = encryptedETag
        self.checksum = checksum
    }

    /// Whether anything is encrypted with the metadata key.
    package var needsKey: Bool { !encrypted.isEmpty || !encryptedETag.isEmpty || checksum != nil }
}

/// A checksum the client computed, encrypted.
package struct ObjectChecksum: Hashable, Sendable {
    /// The wire's number of the algorithm, at least 1.
    package var algorithm: Int32
    /// Whether it is made of the parts' checksums.
    package var isComposite: Bool
    package var encrypted: [UInt8]

    /// A checksum.
    package init(algorithm: Int32, isComposite: Bool, encrypted: [UInt8]) {
        self.algorithm = algorithm
        self.isComposite = isComposite
        self.encrypted = encrypted
    }
}

/// How the content is encrypted, as told at begin.
package struct ObjectEncryption: Hashable, Sendable {
    /// The wire's number of the cipher suite.
    package var cipherSuite: Int32
    /// Encrypted bytes of a block.
    package var blockSize: Int64

    /// Parameters; validated by the caller.
    package init(cipherSuite: Int32, blockSize: Int64) {
        self.cipherSuite = cipherSuite
        self.blockSize = blockSize
    }
}
