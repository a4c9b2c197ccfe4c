import Metainfo
import StorageModel
import TestSupport
import Testing

@Suite struct TokenTests {
    private let random = RandomSource.seeded(7)
    private var signer: TokenSigner { TokenSigner(key: [UInt8](repeating: 9, count: 32)) }

    private func stream() -> StreamToken {
        StreamToken(
            project: .random(using: random), bucketID: 3, bucketName: Array("a-bucket".utf8), key: [1, 2, 0x2f, 3],
            stream: .random(using: random), version: -5, createdAt: Timestamp(microseconds: 1_790_000_000_654_321),
            expiresAt: Timestamp(microseconds: 1_800_000_000_123_456), isMultipart: true, placement: 0, cipher: 2,
            blockSize: 7424)
    }

    private func segment() throws -> SegmentToken {
        SegmentToken(
            stream: stream(), position: try #require(SegmentPosition(part: 3, index: 8)),
            rootPieceID: .random(using: random), serial: .random(using: random), publicKey: random.bytes(count: 32),
            createdAt: try #require(Timestamp(seconds: 1_800_000_000, nanoseconds: 123_456_789)), limit: 1 << 40,
            redundancy: .development, nodes: (0..<10).map { _ in NodeID.random(using: random) })
    }

    @Test func `a stream token comes back as it was`() throws {
        var value = stream()
        #expect(try StreamToken(token: value.encode(signer: signer), signer: signer) == value)
        value.expiresAt = nil
        value.version = 0
        #expect(try StreamToken(token: value.encode(signer: signer), signer: signer) == value)
    }

    @Test func `a segment token comes back as it was`() throws {
        let value = try segment()
        #expect(try SegmentToken(token: value.encode(signer: signer), signer: signer) == value)
    }

    @Test func `a segment token of 110 nodes stays below 4 KiB`() throws {
        var value = try segment()
        value.nodes = (0..<110).map { _ in NodeID.random(using: random) }
        #expect(value.encode(signer: signer).count < 4096)
    }

    @Test func `the same upload has the same token`() {
        let value = stream()
        #expect(value.encode(signer: signer) == value.encode(signer: signer))
    }

    @Test func `every single-bit change is refused`() throws {
        let token = stream().encode(signer: signer)
        for bit in 0..<token.count * 8 {
            var changed = token
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: TokenError.self) { try StreamToken(token: changed, signer: signer) }
        }
    }

    @Test func `every truncation is refused`() throws {
        let token = try segment().encode(signer: signer)
        for count in token.indices {
            #expect(throws: TokenError.self) { try SegmentToken(token: Array(token[..<count]), signer: signer) }
        }
    }

    @Test func `a token of one kind is not one of the other`() throws {
        #expect(throws: TokenError.forged) {
            try StreamToken(token: segment().encode(signer: signer), signer: signer)
        }
    }

    @Test func `a token of the old key is good while the key is known`() throws {
        let value = stream()
        let old = TokenSigner(keys: [1: random.bytes(count: 32)], current: 1)
        let token = value.encode(signer: old)
        let strangers = TokenSigner(keys: [2: random.bytes(count: 32)], current: 2)
        #expect(throws: TokenError.forged) { try StreamToken(token: token, signer: strangers) }
    }
}
