import NIOCore
import S3Protocol
import StorageModel
import TestSupport
import Testing

@Suite struct ChecksumTests {
    private func digest(_ algorithm: ChecksumAlgorithm, _ bytes: some Sequence<UInt8>) -> String {
        var hasher = ChecksumHasher(algorithm)
        hasher.update(ByteBuffer(bytes: Array(bytes)))
        return Hexadecimal.encode(hasher.finish())
    }

    @Test func `the check values of the catalogues come out`() {
        let digits = Array("123456789".utf8)
        #expect(digest(.crc32, digits) == "cbf43926")
        #expect(digest(.crc32c, digits) == "e3069283")
        #expect(digest(.crc64nvme, digits) == "ae8b14860a799888")
        #expect(digest(.sha1, digits) == "f7c3bc1d808e04732adf679965ccc34ca7ae3441")
        #expect(digest(.sha256, []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func `a digest does not depend on how the bytes are divided`() {
        var random = RandomSource.seeded(7)
        let bytes = random.bytes(count: 5000)
        for algorithm in ChecksumAlgorithm.allCases {
            var hasher = ChecksumHasher(algorithm)
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = min(rest.count, Int.random(in: 0...700, using: &random))
                hasher.update(ByteBuffer(bytes: Array(rest.prefix(count))))
                rest = rest.dropFirst(count)
            }
            #expect(Hexadecimal.encode(hasher.finish()) == digest(algorithm, bytes))
        }
    }

    @Test func `the whole's code is combined from its parts' codes`() throws {
        let random = RandomSource.seeded(8)
        for algorithm in [ChecksumAlgorithm.crc32, .crc32c, .crc64nvme] {
            let parts = [0, 1, 63, 64, 1000, 5 << 20].map { random.bytes(count: $0) }
            let checksums = parts.map { part in
                var hasher = ChecksumHasher(algorithm)
                hasher.update(ByteBuffer(bytes: part))
                return (checksum: hasher.checksum, length: Int64(part.count))
            }
            let combined = try #require(ObjectChecksum.combined(checksums))
            #expect(Hexadecimal.encode(combined.bytes) == digest(algorithm, parts.joined()))
            #expect(combined.type == .fullObject)
        }
    }

    @Test func `hashes cannot be combined, and a composite says of how many parts it is`() throws {
        let part = try #require(
            ObjectChecksum(algorithm: .sha256, text: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="))
        #expect(ObjectChecksum.combined([(part, 0), (part, 0)]) == nil)
        let composite = try #require(ObjectChecksum.composite([part, part]))
        #expect(composite.text.hasSuffix("=-2"))
        #expect(composite.type == .composite)
        #expect(ObjectChecksum(algorithm: .sha256, text: composite.text) == composite)
    }

    @Test func `text that is no checksum is none`() {
        for text in ["", "!", "AAAA", "AAAAAAA=", "AAAAAA==-0", "AAAAAA==-x", "AAAAAA==-2-2"] {
            #expect(ObjectChecksum(algorithm: .crc32, text: text) == nil, "\(text)")
        }
        #expect(ObjectChecksum(algorithm: .crc32, text: "AAAAAA==")?.bytes == [0, 0, 0, 0])
    }

    @Test func `entity tags are MD5 in hexadecimal, of several parts with their number`() {
        let empty = MD5Hasher().finish()
        #expect(EntityTag(md5: empty).quoted == "\"d41d8cd98f00b204e9800998ecf8427e\"")
        #expect(EntityTag.multipart([empty, empty]).text == "\(multipartOfTwoEmpty)-2")
    }

    /// `md5(md5("") + md5(""))`, by Python's hashlib.
    private let multipartOfTwoEmpty = "5873dd45edd01f09c1ef2e7819369e8e"
}
