import ErasureCode
import StorageModel
import TestSupport
import Testing

@Suite struct WindowCorrectorTests {
    @Test func `a piece that lies once is left out of all later windows`() throws {
        let fixture = try Fixture(k: 4, n: 8, windows: 3)
        var corrector = try WindowCorrector(scheme: fixture.scheme, pieceNumbers: Array(0..<8))
        var pieces = fixture.pieces
        #expect(try fixture.correct(&corrector, pieces, window: 0) == fixture.stripes(of: 0))
        #expect(corrector.corruptPieces.isEmpty && corrector.suspects.isEmpty)
        // The last bytes of the second window, of a data piece and of another one.
        pieces[2][2 * fixture.window - 1] ^= 1
        pieces[5][2 * fixture.window - 2] ^= 0x80
        #expect(try fixture.correct(&corrector, pieces, window: 1) == fixture.stripes(of: 1))
        #expect(corrector.corruptPieces == [2, 5])
        #expect(corrector.suspects == [2, 5])
        #expect(try fixture.correct(&corrector, pieces, window: 2) == fixture.stripes(of: 2))
        #expect(corrector.corruptPieces == [2, 5])
    }

    @Test func `the order of the pieces does not matter`() throws {
        let fixture = try Fixture(k: 4, n: 10, windows: 1)
        let numbers = [9, 3, 7, 0, 8, 5, 1]
        var pieces = fixture.pieces
        for index in 0..<fixture.window { pieces[7][index] ^= UInt8(truncatingIfNeeded: index | 1) }
        var corrector = try WindowCorrector(scheme: fixture.scheme, pieceNumbers: numbers)
        let shares = numbers.map { pieces[$0] }
        #expect(try fixture.correct(&corrector, shares, window: 0) == fixture.stripes)
        #expect(corrector.corruptPieces == [7])
    }

    @Test func `known suspects widen what can be borne, as long as one share more than needed remains`() throws {
        let fixture = try Fixture(k: 4, n: 8, windows: 1)
        var pieces = fixture.pieces
        for number in [0, 3, 6] { pieces[number][1] ^= 3 }
        var corrector = try WindowCorrector(
            scheme: fixture.scheme, pieceNumbers: Array(0..<8), suspects: [0, 3, 6, 77])
        #expect(try fixture.correct(&corrector, pieces, window: 0) == fixture.stripes)
        #expect(corrector.suspects == [0, 3, 6])
        #expect(corrector.corruptPieces.isEmpty)
        // Too many suspects for the others to prove anything: everybody is asked again.
        corrector = try WindowCorrector(
            scheme: fixture.scheme, pieceNumbers: Array(0..<8), suspects: [0, 3, 6, 7])
        #expect(corrector.suspects.isEmpty)
        #expect(throws: ErasureCodeError.tooManyErrors) { try fixture.correct(&corrector, pieces, window: 0) }
    }

    @Test func `an unknown liar beside a known one is found without the known one`() throws {
        let fixture = try Fixture(k: 2, n: 6, windows: 1)
        var pieces = fixture.pieces
        for number in [1, 2, 4] { pieces[number][5] ^= UInt8(number) }
        var corrector = try WindowCorrector(
            scheme: fixture.scheme, pieceNumbers: Array(0..<6), suspects: [1, 2])
        // Three of six lie, and only without the two known ones can the third be placed.
        #expect(try fixture.correct(&corrector, pieces, window: 0) == fixture.stripes)
        #expect(corrector.corruptPieces.isSuperset(of: [4]))
    }

    @Test func `an honest piece under suspicion costs nothing but its share`() throws {
        let fixture = try Fixture(k: 4, n: 7, windows: 1)
        var corrector = try WindowCorrector(
            scheme: fixture.scheme, pieceNumbers: Array(0..<7), suspects: [1])
        var pieces = fixture.pieces
        pieces[4][0] ^= 1
        #expect(try fixture.correct(&corrector, pieces, window: 0) == fixture.stripes)
        #expect(corrector.corruptPieces == [4])
    }

    @Test func `with k shares nothing is noticed, with one more a lie is but not whose`() throws {
        let fixture = try Fixture(k: 3, n: 4, windows: 1)
        var pieces = fixture.pieces
        pieces[1][0] ^= 1
        var three = try WindowCorrector(scheme: fixture.scheme, pieceNumbers: [0, 1, 2])
        #expect(try fixture.correct(&three, Array(pieces[0..<3]), window: 0) != fixture.stripes)
        var four = try WindowCorrector(scheme: fixture.scheme, pieceNumbers: [0, 1, 2, 3])
        #expect(throws: ErasureCodeError.notEnoughShares) { try fixture.correct(&four, pieces, window: 0) }
    }

    @Test func `pieces that do not fit the scheme are refused`() throws {
        let scheme = try scheme(3, 6, shareSize: 4)
        for numbers in [[0, 1, 1], [0, 1, 6], [-1, 0, 1]] {
            #expect(throws: ErasureCodeError.wrongPieceNumber) {
                try WindowCorrector(scheme: scheme, pieceNumbers: numbers)
            }
        }
        #expect(throws: ErasureCodeError.notEnoughShares) {
            try WindowCorrector(scheme: scheme, pieceNumbers: [0, 1])
        }
    }
}

private func makeScheme(_ k: Int, _ n: Int) throws -> RedundancyScheme { try scheme(k, n, shareSize: 64) }

/// Stripes of a few windows, each of several chunks and a bit, with all their pieces.
private struct Fixture {
    let scheme: RedundancyScheme
    let stripes: [UInt8]
    let pieces: [[UInt8]]
    /// Bytes of a piece in a window.
    let window: Int

    init(k: Int, n: Int, windows: Int) throws {
        scheme = try makeScheme(k, n)
        window = 64 * 150
        stripes = RandomSource.seeded(31).bytes(count: windows * window * k)
        pieces = ErasureEncoder(scheme: scheme).encode(stripes)
    }

    func stripes(of number: Int) -> [UInt8] {
        let size = window * scheme.requiredShares
        return Array(stripes[number * size..<(number + 1) * size])
    }

    func correct(_ corrector: inout WindowCorrector, _ pieces: [[UInt8]], window number: Int) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: window * scheme.requiredShares)
        let joined = pieces.flatMap { $0[number * window..<(number + 1) * window] }
        try joined.withUnsafeBytes { joined in
            let start = try #require(joined.baseAddress)
            try output.withUnsafeMutableBytes { output in
                try corrector.correct(pieces.indices.map { start + $0 * window }, length: window, into: output)
            }
        }
        return output
    }
}
