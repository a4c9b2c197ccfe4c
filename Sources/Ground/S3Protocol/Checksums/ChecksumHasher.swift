import Crypto
package import NIOCore

/// One checksum over bytes as they flow.
package struct ChecksumHasher: Sendable {
    package let algorithm: ChecksumAlgorithm
    // One of the three is there. They are not cases of one enum because a hash is only changed in place as a property.
    private let code: CyclicCode?
    private var value: UInt64 = 0
    private var sha1: Insecure.SHA1?
    private var sha256: SHA256?

    package init(_ algorithm: ChecksumAlgorithm) {
        self.algorithm = algorithm
        code = CyclicCode(algorithm)
        sha1 = algorithm == .sha1 ? Insecure.SHA1() : nil
        sha256 = algorithm == .sha256 ? SHA256() : nil
    }

    package mutating func update(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { update($0) }
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        if let code { value = code.update(value, bytes) }
        sha1?.update(bufferPointer: bytes)
        sha256?.update(bufferPointer: bytes)
    }

    /// The digest so far: `algorithm.length` bytes.
    package func finish() -> [UInt8] {
        if let sha256 { return Array(sha256.finalize()) }
        if let sha1 { return Array(sha1.finalize()) }
        return CyclicCode.bytes(value, count: algorithm.length)
    }

    /// The digest as a value.
    package var checksum: ObjectChecksum { ObjectChecksum(algorithm: algorithm, bytes: finish()) }
}

/// MD5 over bytes as they flow: what entity tags and `Content-MD5` are made of.
package struct MD5Hasher: Sendable {
    private var hasher = Insecure.MD5()

    package init() {}

    package mutating func update(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) }
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        hasher.update(bufferPointer: bytes)
    }

    /// 16 bytes.
    package func finish() -> [UInt8] { Array(hasher.finalize()) }
}
