package import HTTPTypes
import StorageModel

/// How a body arrives and what of it was signed: the meaning of `x-amz-content-sha256`.
package struct PayloadRule: Sendable {
    enum Form: Sendable {
        /// As it is, nothing known of it.
        case plain
        /// As it is, with the hash that was signed: 32 bytes.
        case hashed([UInt8])
        /// In S3's chunks, each signed or not, perhaps with trailers.
        case chunked(signer: ChunkSigner?, trailers: Bool)
    }

    let form: Form

    /// The word for a body nobody signed.
    static let unsignedWord = "UNSIGNED-PAYLOAD"

    /// Whether the body is in S3's chunks, which are not part of the object.
    package var isChunked: Bool {
        if case .chunked = form { true } else { false }
    }

    /// Parses the word or hash that a signature covered.
    ///
    /// - Throws: `InvalidArgument`; `NotImplemented` for signatures of version 4a.
    init(_ text: String, chunkSigner: ChunkSigner?) throws(S3Error) {
        switch text {
        case Self.unsignedWord:
            form = .plain
        case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
            form = .chunked(signer: nil, trailers: true)
        case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
            guard let chunkSigner else {
                throw S3Error(.accessDenied, "Signed chunks need a signature of version 4 on their request")
            }
            form = .chunked(signer: chunkSigner, trailers: text.hasSuffix("TRAILER"))
        case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER":
            throw S3Error(.notImplemented, "Signatures of version 4a are not supported")
        default:
            guard let hash = Hexadecimal.decode(text), hash.count == 32 else {
                throw S3Error(
                    .invalidArgument,
                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
                        + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER "
                        + "or a valid sha256 value.")
            }
            form = .hashed(hash)
        }
    }

    private init(_ form: Form) { self.form = form }

    /// The rule of a request that no signature of version 4 covers: what it declares itself, or nothing.
    ///
    /// - Throws: as `init`; `AccessDenied` for signed chunks, for there is no key to check them with.
    package static func anonymous(_ headers: HTTPFields) throws(S3Error) -> PayloadRule {
        guard let text = headers[AmazonHeader.contentSHA256] else { return PayloadRule(.plain) }
        return try PayloadRule(text, chunkSigner: nil)
    }
}
