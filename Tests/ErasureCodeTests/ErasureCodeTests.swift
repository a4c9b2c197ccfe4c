import ErasureCode
import StorageModel
import TestSupport
import Testing

@Suite struct ErasureCodeTests {
    @Test func `any k pieces of any small scheme restore the stripes`() throws {
        let random = RandomSource.seeded(11)
        for n in 1...7 {
            for k in 1...n {
                let scheme = try scheme(k, n, shareSize: 3)
                let stripes = random.bytes(count: scheme.stripeSize * 2)
                let pieces = ErasureEncoder(scheme: scheme).encode(stripes)
                for numbers in subsets(of: n, size: k) {
                    for order in [numbers, numbers.reversed()] {
                        let shares = order.map { ErasureShare(number: $0, bytes: pieces[$0]) }
                        #expect(try ErasureDecoder.decode(shares, scheme: scheme) == stripes, "\(order) of \(k)/\(n)")
                    }
                }
            }
        }
    }

    @Test(arguments: [1, 2, 255, 256, 4_096, 5_000])
    func `windows of every length encode and decode`(shareSize: Int) throws {
        let scheme = try scheme(4, 10, shareSize: shareSize)
        let random = RandomSource.seeded(12)
        let encoder = ErasureEncoder(scheme: scheme)
        let decoder = try ErasureDecoder(scheme: scheme, pieceNumbers: [9, 1, 5, 0])
        for stripeCount in [0, 1, 2, 15, 16, 17, 33] {
            let stripes = random.bytes(count: stripeCount * scheme.stripeSize)
            let pieces = encoder.encode(stripes)
            #expect(try decoder.decode(decoder.pieceNumbers.map { pieces[$0] }) == stripes, "\(stripeCount) stripes")
            // A window is the sum of its stripes, however they were grouped.
            for stripe in 0..<min(stripeCount, 3) {
                let alone = encoder.encode(Array(stripes.dropFirst(stripe * scheme.stripeSize).prefix(scheme.stripeSize)))
                for (piece, share) in zip(pieces, alone) {
                    #expect(Array(piece[stripe * shareSize..<(stripe + 1) * shareSize]) == share)
                }
            }
        }
    }

    @Test func `a piece encodes alone as among all`() throws {
        for (k, n, shareSize) in [(1, 3, 5), (4, 10, 256), (4, 10, 4_096), (5, 8, 5_000), (29, 80, 256)] {
            let scheme = try scheme(k, n, shareSize: shareSize)
            let encoder = ErasureEncoder(scheme: scheme)
            for stripeCount in [0, 1, 16, 17, 35] {
                let stripes = RandomSource.seeded(14).bytes(count: stripeCount * scheme.stripeSize)
                for (number, piece) in encoder.encode(stripes).enumerated() {
                    var alone = [UInt8](repeating: 0, count: piece.count)
                    alone.withUnsafeMutableBytes { alone in
                        stripes.withUnsafeBytes { encoder.encode($0, piece: number, into: alone) }
                    }
                    #expect(alone == piece, "piece \(number) of \(k)/\(n)")
                }
            }
        }
    }

    @Test func `production schemes restore from parity alone`() throws {
        for (k, n) in [(29, 80), (29, 110), (100, 256), (128, 256)] {
            let scheme = try scheme(k, n, shareSize: 256)
            let stripes = RandomSource.seeded(13).bytes(count: scheme.stripeSize)
            let pieces = ErasureEncoder(scheme: scheme).encode(stripes)
            let shares = (n - k..<n).map { ErasureShare(number: $0, bytes: pieces[$0]) }
            #expect(try ErasureDecoder.decode(shares, scheme: scheme) == stripes, "\(k)/\(n)")
        }
    }

    @Test func `shares that do not fit the scheme are refused`() throws {
        let scheme = try scheme(2, 4, shareSize: 4)
        let share = [UInt8](repeating: 7, count: 4)
        for numbers in [[0, 0], [-1, 0], [0, 4], [.max, .min]] {
            #expect(throws: ErasureCodeError.wrongPieceNumber) {
                try ErasureDecoder(scheme: scheme, pieceNumbers: numbers)
            }
        }
        #expect(throws: ErasureCodeError.notEnoughShares) { try ErasureDecoder(scheme: scheme, pieceNumbers: [1]) }
        #expect(throws: ErasureCodeError.notEnoughShares) { try ErasureDecoder.decode([], scheme: scheme) }
        let decoder = try ErasureDecoder(scheme: scheme, pieceNumbers: [3, 1])
        #expect(throws: ErasureCodeError.wrongShareLength) { try decoder.decode([share, share + [1]]) }
        #expect(throws: ErasureCodeError.wrongShareLength) { try decoder.decode([[1, 2], [3, 4]]) }
        #expect(throws: ErasureCodeError.notEnoughShares) { try decoder.decode([share]) }
        #expect(try decoder.decode([[], []]) == [])
    }
}
