import Encryption
import StorageModel
import TestSupport
import Testing

@Suite struct PathCipherTests {
    @Test func `paths below a bare key encrypt as the reference's`() throws {
        for golden in try PathVectors.load().raw_with_key {
            let suite = try #require(CipherSuite(rawValue: golden.cipher))
            let key = try #require(EncryptionKey(golden.key_hex.bytes))
            var cipher = PathCipher(suite: suite, key: key)
            let path = UnencryptedPath(bytes: golden.raw_path_hex.bytes)
            let encrypted = EncryptedPath(bytes: golden.encrypted_hex.bytes)
            #expect(try cipher.encrypt(path) == encrypted)
            var back = PathCipher(suite: suite, key: key)
            #expect(try back.decrypt(encrypted) == path)
        }
    }

    @Test func `every byte survives, and encrypted components hold neither 00, 2f nor ff`() throws {
        let key = EncryptionKey.random(using: .seeded(1))
        for suite in [CipherSuite.aesGCM, .secretBox] {
            for length in 0..<300 {
                let component = RandomSource.seeded(UInt64(length)).bytes(count: length)
                var cipher = PathCipher(suite: suite, key: key)
                let encrypted = try cipher.encrypt(component: component)
                #expect(encrypted.first == 2)
                #expect(!encrypted.contains { [0, 0x2f, 0xff].contains($0) })
                var back = PathCipher(suite: suite, key: key)
                #expect(try back.decrypt(component: encrypted) == component)
                #expect(back.key == cipher.key)
            }
        }
    }

    @Test func `no truncation and no flipped bit of a component decrypts`() throws {
        let key = EncryptionKey.random(using: .seeded(2))
        for suite in [CipherSuite.aesGCM, .secretBox] {
            var cipher = PathCipher(suite: suite, key: key)
            let encrypted = try cipher.encrypt(component: Array("file.txt".utf8))
            for count in 1..<encrypted.count {
                var back = PathCipher(suite: suite, key: key)
                // A cut right behind the nonce is the encoding of an empty component under another nonce.
                guard (try? back.decrypt(component: Array(encrypted.prefix(count)))) != [] else { continue }
                #expect(throws: EncryptionError.self) { try back.decrypt(component: Array(encrypted.prefix(count))) }
            }
            for index in encrypted.indices {
                for bit in 0..<8 {
                    var flipped = encrypted
                    flipped[index] ^= 1 << bit
                    var back = PathCipher(suite: suite, key: key)
                    #expect(throws: EncryptionError.self) { try back.decrypt(component: flipped) }
                }
            }
        }
    }

    @Test func `random bytes never crash the decoder`() {
        let random = RandomSource.seeded(3)
        for round in 0..<3000 {
            var cipher = PathCipher(suite: round % 2 == 0 ? .aesGCM : .secretBox, key: .random(using: random))
            _ = try? cipher.decrypt(component: [2] + random.bytes(count: round % 60))  // That none traps is the test.
        }
    }
}
