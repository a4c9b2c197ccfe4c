import ErasureCode
import StorageModel
import TestSupport
import Testing

@Suite struct StripeLayoutTests {
    @Test func `what is padded is whole stripes and unpads to itself`() throws {
        for (k, shareSize) in [(1, 1), (1, 3), (2, 8), (3, 5)] {
            let layout = StripeLayout(scheme: try scheme(k, k, shareSize: shareSize))
            for size in 0...70 {
                let segment = RandomSource.seeded(UInt64(size)).bytes(count: size)
                let padded = layout.pad(segment)
                #expect(padded.count % layout.scheme.stripeSize == 0)
                #expect(padded.count == Int(layout.pieceSize(encryptedSize: Int64(size))) * k)
                #expect(layout.unpad(padded) == segment)
            }
        }
    }

    @Test func `a padding that pad does not make is refused`() throws {
        let layout = StripeLayout(scheme: try scheme(2, 2, shareSize: 8))
        let padded = layout.pad([1, 2, 3])
        for index in 3..<padded.count {
            var changed = padded
            changed[index] ^= 0x80
            #expect(layout.unpad(changed) == nil, "byte \(index)")
        }
        #expect(layout.unpad([]) == nil)
        #expect(layout.unpad(Array(padded.dropLast())) == nil)
        #expect(layout.unpad([UInt8](repeating: 0xff, count: 16)) == nil)
        #expect(layout.unpad([UInt8](repeating: 0, count: 16)) == nil)
    }

    @Test func `a range reads the stripes of the blocks that hold it`() {
        let layout = StripeLayout(scheme: .development)
        // Blocks of 7424 bytes hold 7408; stripes are 1024, so a block is 7.25 stripes of 256 bytes a piece.
        #expect(layout.pieceRange(plain: 0..<1, blockSize: 7_424) == 0..<8 * 256)
        #expect(layout.pieceRange(plain: 7_407..<7_408, blockSize: 7_424) == 0..<8 * 256)
        #expect(layout.pieceRange(plain: 7_408..<7_409, blockSize: 7_424) == 7 * 256..<15 * 256)
        #expect(layout.pieceRange(plain: 0..<7_409, blockSize: 7_424) == 0..<15 * 256)
        let release = StripeLayout(scheme: .release)
        #expect(release.pieceRange(plain: 7_408 * 3..<7_408 * 5, blockSize: 7_424) == 3 * 256..<5 * 256)
        #expect(release.pieceRange(plain: 100..<200, blockSize: 256, blockOverhead: 0) == 0..<256)
    }

    @Test func `the range of a whole segment is what a download reads`() {
        let layout = StripeLayout(scheme: .development)
        for size in stride(from: Int64(1), to: 200_000, by: 3_701) {
            let blocks = (size + 4 + 7_407) / 7_408
            let padded = blocks * 7_408
            #expect(
                layout.pieceRange(plain: 0..<padded, blockSize: 7_424)
                    == 0..<layout.readableSize(encryptedSize: blocks * 7_424))
        }
    }
}
