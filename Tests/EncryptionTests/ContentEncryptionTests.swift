import Encryption
import StorageModel
import TestSupport
import Testing

@Suite struct ContentEncryptionTests {
    private let vectors: ContentVectors

    init() throws { vectors = try ContentVectors.load() }

    @Test func `data in one piece encrypts as the reference's, and back`() throws {
        #expect(vectors.encrypt.count == 36)
        for golden in vectors.encrypt {
            let suite = try #require(CipherSuite(rawValue: golden.cipher))
            let key = try #require(EncryptionKey(golden.key_hex.bytes))
            let nonce = try #require(EncryptionNonce(golden.nonce_hex.bytes))
            #expect(try suite.encrypt(golden.plain_hex.bytes, key: key, nonce: nonce) == golden.cipher_hex.bytes)
            #expect(try suite.decrypt(golden.cipher_hex.bytes, key: key, nonce: nonce) == golden.plain_hex.bytes)
        }
    }

    @Test func `no truncation and no flipped bit decrypts`() throws {
        let key = EncryptionKey.random(using: .seeded(1))
        let nonce = EncryptionNonce.random(using: .seeded(2))
        for suite in [CipherSuite.aesGCM, .secretBox] {
            let sealed = try suite.encrypt(Array("twenty bytes of text".utf8), key: key, nonce: nonce)
            for count in 1..<sealed.count {
                #expect(throws: EncryptionError.notAuthentic) {
                    try suite.decrypt(sealed.prefix(count), key: key, nonce: nonce)
                }
            }
            for index in sealed.indices {
                for bit in 0..<8 {
                    var flipped = sealed
                    flipped[index] ^= 1 << bit
                    #expect(throws: EncryptionError.notAuthentic) {
                        try suite.decrypt(flipped, key: key, nonce: nonce)
                    }
                }
            }
        }
    }

    @Test func `nonces are little-endian numbers that wrap around`() throws {
        for golden in vectors.increment {
            let start = try #require(EncryptionNonce(golden.start_hex.bytes))
            #expect(start.incremented(by: golden.amount).bytes == golden.result_hex.bytes)
        }
        let full = try #require(EncryptionNonce([UInt8](repeating: 255, count: 24)))
        let expected = [UInt8](repeating: 0, count: 12) + [UInt8](repeating: 255, count: 12)
        #expect(full.incremented(by: 1, size: 12).bytes == expected)
        #expect(
            full.incremented(by: .max).bytes == [254] + [UInt8](repeating: 255, count: 7)
                + [UInt8](repeating: 0, count: 16))
    }

    @Test func `a segment's position gives the reference's nonce`() throws {
        for golden in vectors.segment_nonces {
            let position = try #require(SegmentPosition(part: golden.part_number, index: golden.index))
            #expect(EncryptionNonce(segment: position).bytes == golden.nonce_hex.bytes)
        }
    }

    @Test func `keys wrap as the reference's, and unwrap only with the same key`() throws {
        for golden in vectors.encrypt_key {
            let suite = try #require(CipherSuite(rawValue: golden.cipher))
            let content = try #require(EncryptionKey(golden.content_key_hex.bytes))
            let derived = try #require(EncryptionKey(golden.derived_key_hex.bytes))
            let nonce = try #require(EncryptionNonce(golden.key_nonce_hex.bytes))
            let wrapped = try content.wrapped(by: suite, key: derived, nonce: nonce)
            #expect(wrapped == golden.encrypted_key_hex.bytes)
            #expect(try EncryptionKey(unwrapping: wrapped, by: suite, key: derived, nonce: nonce) == content)
            #expect(throws: EncryptionError.notAuthentic) {
                try EncryptionKey(unwrapping: wrapped, by: suite, key: content, nonce: nonce)
            }
            #expect(throws: EncryptionError.notAuthentic) {
                try EncryptionKey(unwrapping: [], by: suite, key: derived, nonce: nonce)
            }
        }
    }

    @Test func `a part's entity tag encrypts as the reference's`() throws {
        let golden = vectors.segment_etag
        let key = try #require(EncryptionKey(golden.content_key_hex.bytes)).entityTagKey
        #expect(key.bytes == golden.etag_key_hex.bytes)
        let encrypted = try CipherSuite.aesGCM.encrypt(Array(golden.etag_utf8.utf8), key: key, nonce: EncryptionNonce())
        #expect(encrypted == golden.encrypted_etag_hex.bytes)
    }
}
