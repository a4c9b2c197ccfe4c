import Macaroons
import StorageModel
import TestSupport
import Testing

@Suite struct APIKeyTests {
    @Test func `keys parse, encode and derive their tails as the reference does`() throws {
        let vectors = try MacaroonVectors.load()
        #expect(vectors.keys.count == 9)
        for golden in vectors.keys {
            let key = try APIKey(text: golden.string)
            #expect(key == (try APIKey(serialized: golden.raw_hex.bytes)))
            #expect(key.head == golden.head_hex.bytes)
            #expect(key.caveats == (golden.caveats ?? []).map(\.bytes_hex.bytes))
            #expect(key.tail.bytes == golden.tail_hex.bytes)
            #expect(key.serialized == golden.raw_hex.bytes)
            #expect(key.text == golden.string)
            #expect(key.tails(secret: golden.secret_hex.bytes).map(\.bytes) == golden.tails_hex.map(\.bytes))
            #expect(try key.verified(secret: golden.secret_hex.bytes).tails.count == golden.tails_hex.count)
        }
    }

    @Test func `restricting the unrestricted key gives the reference's keys`() throws {
        for golden in try MacaroonVectors.load().keys {
            var key = APIKey(head: golden.head_hex.bytes, secret: golden.secret_hex.bytes)
            for caveat in golden.caveats ?? [] { key = key.restricted(by: try Caveat(encoded: caveat.bytes_hex.bytes)) }
            #expect(key.serialized == golden.raw_hex.bytes, "\(golden.name)")
        }
    }

    @Test func `what other writers add is tolerated, what breaks the format is refused`() throws {
        for golden in try MacaroonVectors.load().parse_cases {
            if golden.error == nil {
                #expect(throws: Never.self, "\(golden.name)") { try APIKey(serialized: golden.raw_hex.bytes) }
            } else {
                #expect(throws: APIKeyError.self, "\(golden.name)") { try APIKey(serialized: golden.raw_hex.bytes) }
            }
        }
    }

    @Test func `no truncation of a key is a key`() throws {
        for golden in try MacaroonVectors.load().keys {
            for count in 0..<golden.raw_hex.bytes.count {
                #expect(throws: APIKeyError.self) { try APIKey(serialized: golden.raw_hex.bytes.prefix(count)) }
            }
        }
    }

    @Test func `no flipped bit leaves a key that verifies`() throws {
        let golden = try #require(try MacaroonVectors.load().keys.first { $0.name == "7-three-caveats" })
        for index in golden.raw_hex.bytes.indices {
            for bit in 0..<8 {
                var bytes = golden.raw_hex.bytes
                bytes[index] ^= 1 << bit
                #expect(throws: APIKeyError.self, "byte \(index) bit \(bit)") {
                    try APIKey(serialized: bytes).verified(secret: golden.secret_hex.bytes)
                }
            }
        }
    }

    @Test func `random bytes never crash the parser`() {
        let random = RandomSource.seeded(7)
        for round in 0..<2000 {
            let bytes = [2] + random.bytes(count: round % 100)
            _ = try? APIKey(serialized: bytes)  // Most are refused; that none traps is the test.
            _ = try? Caveat(encoded: bytes)
        }
    }

    @Test func `lengths beyond the bytes and numbers beyond 31 bits are refused`() {
        #expect(throws: APIKeyError.malformed("out of bounds")) { try APIKey(serialized: [2, 2, 200, 1, 7]) }
        #expect(throws: APIKeyError.malformed("number too large")) {
            try APIKey(serialized: [2, 2, 0x80, 0x80, 0x80, 0x80, 0x08])
        }
        #expect(throws: APIKeyError.malformed("number too large")) {
            try APIKey(serialized: [2, 2] + [UInt8](repeating: 255, count: 12))
        }
    }

    @Test func `a minted key verifies with its secret and with no other`() throws {
        let random = RandomSource.seeded(1)
        let (key, secret) = APIKey.mint(using: random)
        #expect(key.head.count == 32)
        #expect(try key.verified(secret: secret).tails == [key.tail])
        #expect(throws: APIKeyError.invalid) { try key.verified(secret: random.bytes(count: 32)) }
    }

    @Test func `a caveat that cannot be read denies everything`() throws {
        let (key, secret) = APIKey.mint(using: .seeded(2))
        #expect(throws: APIKeyError.unauthorized) { try key.restricted(byEncoded: [0xff]).verified(secret: secret) }
    }
}
