import Encryption
import StorageModel
import TestSupport
import Testing

@Suite struct SegmentCodecTests {
    private static let suites = [CipherSuite.null, .aesGCM, .secretBox]

    @Test(arguments: suites)
    func `any run of blocks is what the whole segment holds there`(suite: CipherSuite) throws {
        let fixture = try Fixture(suite: suite, blocks: 5)
        let codec = try SegmentCodec(fixture.cipher)
        for first in 0..<5 {
            for end in first...5 {
                let plain = fixture.plain(first..<end)
                let encrypted = fixture.encrypted(first..<end)
                #expect(try codec.sealed(plain, firstBlock: Int64(first)) == encrypted)
                #expect(try codec.opened(encrypted, firstBlock: Int64(first)) == plain)
            }
        }
    }

    @Test(arguments: suites)
    func `blocks of every size come back, also of one byte`(suite: CipherSuite) throws {
        for plainBlockSize in 1...80 {
            let fixture = try Fixture(suite: suite, blocks: 3, plainBlockSize: plainBlockSize)
            let codec = try SegmentCodec(fixture.cipher)
            #expect(try codec.opened(fixture.encrypted, firstBlock: 0) == fixture.plain)
        }
    }

    @Test func `block numbers count through the nonce's carries, as far as numbers go`() throws {
        var start = EncryptionNonce()
        start.increment(by: UInt64(Int64.max) - 1)
        for suite in Self.suites {
            let key = EncryptionKey.random(using: .seeded(7))
            let cipher = try SegmentCipher(suite: suite, key: key, start: start, blockSize: 48)
            let codec = try SegmentCodec(cipher)
            let plain = RandomSource.seeded(8).bytes(count: 3 * cipher.plainBlockSize)
            for first in [0, 254, 255, 65_534, Int64.max - 2, Int64.max] {
                let together = try codec.sealed(plain, firstBlock: first)
                #expect(try codec.opened(together, firstBlock: first) == plain)
                let last = Array(plain.suffix(cipher.plainBlockSize))
                guard first < Int64.max - 1 else { continue }
                #expect(try codec.sealed(last, firstBlock: first + 2) == Array(together.suffix(48)))
            }
        }
    }

    @Test(arguments: [CipherSuite.aesGCM, .secretBox])
    func `a change of any byte is noticed, and nothing of the block is handed out`(suite: CipherSuite) throws {
        let fixture = try Fixture(suite: suite, blocks: 3)
        let codec = try SegmentCodec(fixture.cipher)
        let blockSize = fixture.cipher.blockSize
        let plainSize = fixture.cipher.plainBlockSize
        for index in fixture.encrypted.indices {
            var damaged = fixture.encrypted
            damaged[index] ^= 0x10
            var output = [UInt8](repeating: 0xaa, count: fixture.plain.count)
            #expect(throws: EncryptionError.notAuthentic) {
                try codec.open(damaged, firstBlock: 0, into: &output)
            }
            let block = index / blockSize
            let expected =
                fixture.plain(0..<block) + [UInt8](repeating: 0, count: plainSize)
                + [UInt8](repeating: 0xaa, count: (2 - block) * plainSize)
            #expect(output == expected)
        }
        #expect(throws: EncryptionError.notAuthentic) { try codec.opened(fixture.encrypted, firstBlock: 1) }
        // The codec is as good as new afterwards.
        #expect(try codec.opened(fixture.encrypted, firstBlock: 0) == fixture.plain)
    }

    @Test(arguments: suites)
    func `sizes and numbers that do not fit are refused, whatever they are`(suite: CipherSuite) throws {
        let fixture = try Fixture(suite: suite, blocks: 2)
        let codec = try SegmentCodec(fixture.cipher)
        for cut in 1..<fixture.cipher.plainBlockSize {
            let plain = Array(fixture.plain.dropLast(cut))
            #expect(throws: EncryptionError.badBlockSize(plain.count)) { try codec.sealed(plain, firstBlock: 0) }
        }
        for cut in 1..<fixture.cipher.blockSize {
            let encrypted = Array(fixture.encrypted.dropLast(cut))
            #expect(throws: EncryptionError.notAuthentic) { try codec.opened(encrypted, firstBlock: 0) }
        }
        for first in [-1, Int64.min] {
            #expect(throws: EncryptionError.badBlockSize(fixture.plain.count)) {
                try codec.sealed(fixture.plain, firstBlock: first)
            }
            #expect(throws: EncryptionError.notAuthentic) { try codec.opened(fixture.encrypted, firstBlock: first) }
        }
        var small = [UInt8](repeating: 0, count: fixture.plain.count - 1)
        #expect(throws: EncryptionError.badBlockSize(small.count)) {
            try codec.open(fixture.encrypted, firstBlock: 0, into: &small)
        }
        #expect(try codec.sealed([], firstBlock: 0) == [])
        #expect(try codec.opened([], firstBlock: 0) == [])
    }

    @Test func `room beyond the blocks stays as it is`() throws {
        let fixture = try Fixture(suite: .aesGCM, blocks: 2)
        let codec = try SegmentCodec(fixture.cipher)
        var output = [UInt8](repeating: 9, count: fixture.plain.count + 3)
        try codec.open(fixture.encrypted, firstBlock: 0, into: &output)
        #expect(output == fixture.plain + [9, 9, 9])
    }
}

/// A few blocks in both forms, encrypted by the whole-segment functions that the vectors check.
private struct Fixture {
    let cipher: SegmentCipher
    let plain: [UInt8]
    let encrypted: [UInt8]

    init(suite: CipherSuite, blocks: Int, plainBlockSize: Int = 33) throws {
        let overhead = suite == .null ? 0 : 16
        cipher = try SegmentCipher(
            suite: suite, key: .random(using: .seeded(11)), start: EncryptionNonce(segment: .zero),
            blockSize: plainBlockSize + overhead)
        plain = RandomSource.seeded(12).bytes(count: blocks * plainBlockSize)
        var whole: [UInt8] = []
        try cipher.encrypt(plain, appendingTo: &whole)
        encrypted = Array(whole.prefix(blocks * cipher.blockSize))
    }

    func plain(_ blocks: Range<Int>) -> [UInt8] {
        Array(plain[blocks.lowerBound * cipher.plainBlockSize..<blocks.upperBound * cipher.plainBlockSize])
    }

    func encrypted(_ blocks: Range<Int>) -> [UInt8] {
        Array(encrypted[blocks.lowerBound * cipher.blockSize..<blocks.upperBound * cipher.blockSize])
    }
}

extension SegmentCodec {
    fileprivate func sealed(_ plain: [UInt8], firstBlock: Int64) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: plain.count / cipher.plainBlockSize * cipher.blockSize)
        try output.withUnsafeMutableBytes { output in
            try plain.withUnsafeBytes { try seal($0, firstBlock: firstBlock, into: output) }
        }
        return output
    }

    fileprivate func opened(_ encrypted: [UInt8], firstBlock: Int64) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: encrypted.count / cipher.blockSize * cipher.plainBlockSize)
        try open(encrypted, firstBlock: firstBlock, into: &output)
        return output
    }

    fileprivate func open(_ encrypted: [UInt8], firstBlock: Int64, into output: inout [UInt8]) throws {
        try output.withUnsafeMutableBytes { output in
            try encrypted.withUnsafeBytes { try open($0, firstBlock: firstBlock, into: output) }
        }
    }
}
