import StorageModel

/// The chain of signatures over a body's chunks: each covers the one before it, the first the request's own.
///
/// - Source: "Signature calculations for the Authorization header: transferring payload in multiple chunks" and
///   "… including trailing headers" of Amazon S3.
struct ChunkSigner: Sendable {
    private let key: SigningKeyV4
    /// 32 bytes: the signature that the next one covers.
    private var previous: [UInt8]

    init(key: SigningKeyV4, seed: [UInt8]) {
        self.key = key
        previous = seed
    }

    /// SHA-256 of nothing.
    private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// Whether a chunk with this SHA-256 bears the right signature; if so the chain goes on from it.
    mutating func accept(chunkHash: [UInt8], signature: [UInt8]) -> Bool {
        accept(
            signature, algorithm: "AWS4-HMAC-SHA256-PAYLOAD", lines: [Self.emptyHash, Hexadecimal.encode(chunkHash)])
    }

    /// Whether the trailers with this SHA-256 bear the right signature.
    mutating func accept(trailerHash: [UInt8], signature: [UInt8]) -> Bool {
        accept(signature, algorithm: "AWS4-HMAC-SHA256-TRAILER", lines: [Hexadecimal.encode(trailerHash)])
    }

    private mutating func accept(_ signature: [UInt8], algorithm: String, lines: [String]) -> Bool {
        let expected = key.signature(algorithm: algorithm, lines: [Hexadecimal.encode(previous)] + lines)
        guard ConstantTime.equal(expected, signature) else { return false }
        previous = expected
        return true
    }
}
