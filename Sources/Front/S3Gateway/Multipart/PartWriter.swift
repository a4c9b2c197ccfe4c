import NIOCore
import S3Protocol
import Uplink

/// Writes one part: encrypts it under the customer's key where there is one, and counts.
struct PartWriter {
    /// S3 takes no larger part.
    static let maximumSize: Int64 = 5 << 30

    private let part: PartUpload
    private let cipher: ContentCipher?
    private(set) var size: Int64 = 0

    init(_ part: PartUpload, cipher: ContentCipher?) {
        self.part = part
        self.cipher = cipher
    }

    /// Appends bytes.
    ///
    /// - Throws: `EntityTooLarge`; `UplinkError`.
    mutating func write(_ bytes: ByteBuffer) async throws {
        guard size + Int64(bytes.readableBytes) <= Self.maximumSize else { throw S3Error(.entityTooLarge) }
        var bytes = bytes
        cipher?.apply(&bytes, at: size, part: part.number)
        size += Int64(bytes.readableBytes)
        try await part.write(bytes)
    }

    /// Ends the part; it replaces an older one of its number.
    func commit(_ facts: PartFacts) async throws -> Part {
        try await part.commit(entityTag: facts.bytes)
    }
}
