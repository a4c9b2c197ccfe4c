import Crypto
import Encryption
import StorageModel
import TestSupport
import Testing

@Suite struct SegmentCipherTests {
    private let vectors: ContentVectors

    init() throws { vectors = try ContentVectors.load() }

    private func cipher(of golden: ContentVectors.Segment) throws -> SegmentCipher {
        let position = try #require(SegmentPosition(part: golden.part_number, index: golden.index))
        let start = EncryptionNonce(segment: position)
        #expect(start.bytes == golden.starting_nonce_hex.bytes)
        return try SegmentCipher(
            suite: try #require(CipherSuite(rawValue: golden.cipher)),
            key: try #require(EncryptionKey(golden.key_hex.bytes)), start: start,
            blockSize: golden.encryption_block_size)
    }

    @Test func `segments encrypt to the reference's bytes, and back`() throws {
        #expect(vectors.segments.count == 14)
        for golden in vectors.segments {
            let cipher = try cipher(of: golden)
            #expect(cipher.plainBlockSize == golden.plain_block_size)
            var encrypted: [UInt8] = []
            try cipher.encrypt(golden.plain, appendingTo: &encrypted)
            #expect(encrypted.count == golden.encrypted_len)
            #expect(cipher.encryptedSize(plainSize: Int64(golden.plain_len)) == Int64(golden.encrypted_len))
            #expect(Array(SHA256.hash(data: encrypted)) == golden.encrypted_sha256.bytes)
            if let expected = golden.encrypted_hex { #expect(encrypted == expected.bytes) }
            #expect(try cipher.decrypt(encrypted, plainSize: Int64(golden.plain_len)) == golden.plain)
        }
    }

    @Test func `encrypted sizes are the reference's`() throws {
        let cipher = try SegmentCipher(suite: .aesGCM, key: .random(using: .seeded(1)), start: EncryptionNonce())
        for golden in vectors.encrypted_sizes_aesgcm_7424 {
            #expect(cipher.encryptedSize(plainSize: golden.plain) == golden.encrypted)
        }
    }

    @Test func `inline segments are one piece without padding`() throws {
        let golden = vectors.inline
        let cipher = try SegmentCipher(
            suite: .aesGCM, key: try #require(EncryptionKey(golden.content_key_hex.bytes)),
            start: try #require(EncryptionNonce(golden.nonce_hex.bytes)))
        #expect(try cipher.encrypt(inline: golden.plain_hex.bytes) == golden.encrypted_inline_hex.bytes)
        #expect(try cipher.decrypt(inline: golden.encrypted_inline_hex.bytes) == golden.plain_hex.bytes)
        #expect(try cipher.encrypt(inline: []) == [])
        #expect(throws: EncryptionError.notAuthentic) { try cipher.decrypt(inline: [1, 2, 3]) }
    }

    @Test(arguments: [CipherSuite.null, .aesGCM, .secretBox])
    func `every length around a block comes back, whole and by single blocks`(suite: CipherSuite) throws {
        let key = EncryptionKey.random(using: .seeded(3))
        let cipher = try SegmentCipher(suite: suite, key: key, start: EncryptionNonce(segment: .zero), blockSize: 40)
        for size in 0...(3 * cipher.plainBlockSize + 1) {
            let plain = RandomSource.seeded(UInt64(size)).bytes(count: size)
            var encrypted: [UInt8] = []
            try cipher.encrypt(plain, appendingTo: &encrypted)
            #expect(Int64(encrypted.count) == cipher.encryptedSize(plainSize: Int64(size)))
            #expect(try cipher.decrypt(encrypted, plainSize: Int64(size)) == plain)
            var padded: [UInt8] = []
            for index in 0..<encrypted.count / 40 {
                let block = Array(encrypted[index * 40..<(index + 1) * 40])
                try cipher.decrypt(blocks: block, first: Int64(index), appendingTo: &padded)
            }
            #expect(padded == plain + cipher.padding(plainSize: Int64(size)))
        }
    }

    @Test func `blocks in another order, other sizes and damaged blocks are refused`() throws {
        let cipher = try SegmentCipher(
            suite: .aesGCM, key: .random(using: .seeded(4)), start: EncryptionNonce(), blockSize: 32)
        var encrypted: [UInt8] = []
        try cipher.encrypt([UInt8](repeating: 7, count: 40), appendingTo: &encrypted)
        #expect(encrypted.count == 96)
        let swapped = encrypted[32..<64] + encrypted[0..<32] + encrypted[64...]
        for (bytes, size) in [
            (Array(swapped), 40), (encrypted, 60), (encrypted, 20), (encrypted, -1), (encrypted, Int64.max),
            (encrypted.dropLast(1), 40), ([], 0),
        ] as [([UInt8], Int64)] {
            #expect(throws: EncryptionError.notAuthentic) { try cipher.decrypt(bytes, plainSize: size) }
        }
        encrypted[95] ^= 1
        #expect(throws: EncryptionError.notAuthentic) { try cipher.decrypt(encrypted, plainSize: 40) }
    }

    @Test func `block sizes out of range and suites that cannot encrypt are refused`() {
        let key = EncryptionKey.random(using: .seeded(5))
        for (suite, size) in [(CipherSuite.aesGCM, 16), (.aesGCM, -1), (.null, 0), (.aesGCM, 1 << 25)] {
            #expect(throws: EncryptionError.badBlockSize(size)) {
                try SegmentCipher(suite: suite, key: key, start: EncryptionNonce(), blockSize: size)
            }
        }
        for suite in [CipherSuite.unspecified, .nullBase64URL] {
            #expect(throws: EncryptionError.unsupportedCipher) {
                try SegmentCipher(suite: suite, key: key, start: EncryptionNonce())
            }
        }
    }
}
