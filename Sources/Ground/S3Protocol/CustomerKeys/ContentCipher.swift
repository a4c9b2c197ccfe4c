import COpenSSL
package import NIOCore

/// Encrypts and decrypts an object's bytes under a customer's key: AES-256 in counter mode, so that nothing changes its
/// length and every offset can be reached.
///
/// It hides the content from whoever has the access grant but not the customer's key. Tampering is found one layer
/// below, where every block is authenticated end to end.
/// - Source: NIST SP 800-38A §6.5; the counter's first four bytes are the part's number, the last twelve count blocks.
package struct ContentCipher: Sendable {
    private static let blockSize: Int64 = 16

    private let key: [UInt8]

    init(key: [UInt8]) { self.key = key }

    /// Turns plaintext into ciphertext or back.
    ///
    /// - Parameters:
    ///   - bytes: the readable ones change; a buffer that others hold too is copied first.
    ///   - offset: of the first byte within the part.
    ///   - part: its number; 0 for an object that was sent in one piece.
    package func apply(_ bytes: inout ByteBuffer, at offset: Int64, part: Int = 0) {
        guard bytes.readableBytes > 0 else { return }
        precondition(offset >= 0 && (0...10_000).contains(part), "an offset and a part's number are not negative")
        bytes.withUnsafeMutableReadableBytes { apply($0, at: offset, part: part) }
    }

    private func apply(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int64, part: Int) {
        guard let context = EVP_CIPHER_CTX_new() else { fatalError("no memory for a cipher") }
        defer { EVP_CIPHER_CTX_free(context) }
        let counter = Self.counter(part: part, block: UInt64(offset / Self.blockSize))
        precondition(
            EVP_EncryptInit_ex(context, EVP_aes_256_ctr(), nil, key, counter) == 1, "the library has AES-256-CTR")
        var written: Int32 = 0
        var skipped = [UInt8](repeating: 0, count: Int(offset % Self.blockSize))
        if !skipped.isEmpty {
            _ = skipped.withUnsafeMutableBufferPointer { start in
                EVP_EncryptUpdate(context, start.baseAddress, &written, start.baseAddress, Int32(start.count))
            }
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeMutableRawBufferPointer(rebasing: rest.prefix(1 << 30))
            let start = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
            precondition(
                EVP_EncryptUpdate(context, start, &written, start, Int32(piece.count)) == 1, "a counter never ends")
            rest = rest.dropFirst(piece.count)
        }
    }

    private static func counter(part: Int, block: UInt64) -> [UInt8] {
        let partBytes = (0..<4).map { UInt8(truncatingIfNeeded: part >> (24 - 8 * $0)) }
        let blockBytes = (0..<8).map { UInt8(truncatingIfNeeded: block >> UInt64(56 - 8 * $0)) }
        return partBytes + [0, 0, 0, 0] + blockBytes
    }
}
