import ErasureCode
import StorageModel
import TestSupport
import Testing

@Suite struct ErasureCorrectorTests {
    @Test func `every placing of as many errors as can be corrected is corrected`() throws {
        let random = RandomSource.seeded(21)
        for (k, r) in [(1, 1), (1, 3), (1, 5), (2, 4), (2, 6), (3, 5), (3, 7), (4, 9), (5, 8)] {
            let fixture = try Fixture(k: k, n: r, random: random)
            for errorCount in 0...(r - k) / 2 {
                for wrong in subsets(of: r, size: errorCount) {
                    let correction = try fixture.corrector.correct(fixture.shares(damaging: wrong, random))
                    #expect(correction.stripes == fixture.stripes, "\(wrong) of \(k)/\(r)")
                    #expect(correction.corruptPieces == wrong, "\(k)/\(r)")
                }
            }
        }
    }

    @Test func `errors that change pieces from column to column are corrected`() throws {
        let fixture = try Fixture(k: 3, n: 7, random: .seeded(22))
        var rows = fixture.pieces
        for column in 0..<rows[0].count {
            rows[column % 7][column] ^= 0x55
            rows[(column + 3) % 7][column] ^= 0xaa
        }
        let correction = try fixture.corrector.correct(
            rows.enumerated().map { ErasureShare(number: $0, bytes: $1) })
        #expect(correction.stripes == fixture.stripes)
        #expect(correction.corruptPieces == Array(0..<7))
    }

    @Test func `up to r − k wrong shares are noticed`() throws {
        let random = RandomSource.seeded(23)
        for (k, r) in [(1, 2), (2, 3), (2, 5), (3, 6), (4, 6)] {
            let fixture = try Fixture(k: k, n: r, random: random)
            #expect(try fixture.corrector.isConsistent(fixture.shares(damaging: [], random)))
            for errorCount in 1...r - k {
                for wrong in subsets(of: r, size: errorCount) {
                    let shares = fixture.shares(damaging: wrong, random)
                    #expect(try !fixture.corrector.isConsistent(shares), "\(wrong) of \(k)/\(r)")
                }
            }
        }
    }

    @Test func `one more wrong share than can be corrected never yields fewer corrupt pieces than claimed`() throws {
        let random = RandomSource.seeded(24)
        let fixture = try Fixture(k: 3, n: 6, random: random)
        for wrong in subsets(of: 6, size: 2) {
            // Two errors in six of three: either refused, or another codeword happens to be one error away.
            do {
                let correction = try fixture.corrector.correct(fixture.shares(damaging: wrong, random))
                #expect(correction.corruptPieces.count >= 1)
                #expect(correction.stripes != fixture.stripes)
            } catch {
                #expect(error == .tooManyErrors)
            }
        }
    }

    @Test func `one share more than needed shows an error but cannot place it`() throws {
        let random = RandomSource.seeded(25)
        let fixture = try Fixture(k: 3, n: 4, random: random)
        let shares = fixture.shares(damaging: [2], random)
        #expect(throws: ErasureCodeError.notEnoughShares) { try fixture.corrector.correct(shares) }
        #expect(throws: ErasureCodeError.notEnoughShares) { try fixture.corrector.correct(Array(shares.prefix(2))) }
        #expect(throws: ErasureCodeError.notEnoughShares) { try fixture.corrector.correct([]) }
        let twice = [shares[0], shares[1], shares[3], shares[1]]
        #expect(throws: ErasureCodeError.wrongPieceNumber) { try fixture.corrector.correct(twice) }
    }

    @Test func `a production segment with damaged pieces is corrected`() throws {
        let random = RandomSource.seeded(26)
        let fixture = try Fixture(k: 29, n: 80, random: random)
        let wrong = Array(stride(from: 1, to: 75, by: 3))
        let correction = try fixture.corrector.correct(fixture.shares(damaging: wrong, random))
        #expect(correction.stripes == fixture.stripes)
        #expect(correction.corruptPieces == wrong)
    }
}

/// Random stripes with all their pieces.
private struct Fixture {
    let stripes: [UInt8]
    let pieces: [[UInt8]]
    let corrector: ErasureCorrector

    init(k: Int, n: Int, random: RandomSource) throws {
        let scheme = try scheme(k, n, shareSize: 7)
        stripes = random.bytes(count: scheme.stripeSize * 2)
        pieces = ErasureEncoder(scheme: scheme).encode(stripes)
        corrector = ErasureCorrector(scheme: scheme)
    }

    /// All shares; those of `wrong` have one to all of their bytes changed.
    func shares(damaging wrong: [Int], _ random: RandomSource) -> [ErasureShare] {
        var random = random
        return pieces.enumerated().map { number, bytes in
            var bytes = bytes
            if wrong.contains(number) {
                for index in 0..<Int.random(in: 1...bytes.count, using: &random) {
                    bytes[index] ^= UInt8.random(in: 1...255, using: &random)
                }
            }
            return ErasureShare(number: number, bytes: bytes)
        }
    }
}
