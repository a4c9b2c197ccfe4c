import StorageModel
import TestSupport
import Testing

@Suite struct Base58CheckTests {
    struct File: Decodable {
        struct Check: Decodable {
            let payload_hex: HexBytes
            let string: String
            let version: UInt8
        }
        struct Result: Decodable {
            let error: String?
            let string: String
        }
        struct Plain: Decodable {
            let base58: String
            let bytes_hex: HexBytes
        }
        let check: [Check]
        let decode_results: [Result]
        let plain: [Plain]
    }

    let file: File

    init() throws { file = try Vectors.decode(File.self, from: "base58check.json") }

    @Test func `plain texts agree with upstream both ways`() {
        for vector in file.plain {
            #expect(Base58Check.encode(vector.bytes_hex.bytes) == vector.base58)
            #expect(Base58Check.decode(base58: vector.base58) == vector.bytes_hex.bytes)
        }
        #expect(file.plain.count == 8)
    }

    @Test func `checked texts agree with upstream both ways`() throws {
        for vector in file.check {
            #expect(Base58Check.encode(version: vector.version, payload: vector.payload_hex.bytes) == vector.string)
            let decoded = try #require(Base58Check.decode(vector.string))
            #expect(decoded.version == vector.version)
            #expect(decoded.payload == vector.payload_hex.bytes)
        }
        #expect(file.check.count == 10)
    }

    @Test func `what upstream refuses is refused`() {
        for vector in file.decode_results {
            #expect((Base58Check.decode(vector.string) == nil) == (vector.error != nil), "\(vector.string)")
        }
    }

    @Test func `every length up to 100 survives, and every changed character is noticed`() throws {
        let random = RandomSource.seeded(1)
        for count in 0...100 {
            var payload = random.bytes(count: count)
            if count > 3 { payload.replaceSubrange(0..<count / 4, with: [UInt8](repeating: 0, count: count / 4)) }
            let text = Base58Check.encode(version: 0, payload: payload)
            #expect(Base58Check.decode(text)?.payload == payload)
            var characters = Array(text.utf8)
            let index = count % characters.count
            characters[index] = characters[index] == UInt8(ascii: "2") ? UInt8(ascii: "3") : UInt8(ascii: "2")
            #expect(Base58Check.decode(String(decoding: characters, as: UTF8.self)) == nil)
        }
    }

    @Test func `a text longer than the limit is refused unread`() {
        let limit = Base58Check.maximumTextLength
        #expect(Base58Check.decode(String(repeating: "1", count: limit + 1)) == nil)
    }
}
