import Metabase
import StorageModel
import TestSupport
import Testing

@Suite struct AliasPiecesTests {
    @Test func `any set of pieces survives`() throws {
        var random = RandomSource.seeded(3)
        for _ in 0..<500 {
            let numbers = (0..<256).filter { _ in
                Int.random(in: 0..<4, using: &random) < Int.random(in: 0..<5, using: &random)
            }
            let pieces = numbers.map { number in
                AliasPieces.Entry(
                    number: number,
                    alias: Int64.random(in: 0...(1 << Int64.random(in: 0...40, using: &random)), using: &random))
            }
            #expect(AliasPieces.decode(AliasPieces.encode(pieces)) == pieces)
        }
    }

    @Test func `the bytes are those of the format`() {
        func entries(_ pairs: [(Int, Int64)]) -> [AliasPieces.Entry] {
            pairs.map { AliasPieces.Entry(number: $0.0, alias: $0.1) }
        }
        #expect(AliasPieces.encode([]) == [1])
        #expect(AliasPieces.encode(entries([(0, 5), (1, 300)])) == [1, 2 << 3, 5, 0xac, 0x02])
        #expect(AliasPieces.encode(entries([(2, 1), (4, 1)])) == [1, 1 << 3 | 2, 1, 1 << 3 | 1, 1])
        #expect(AliasPieces.encode(entries([(9, 1)])) == [1, 7, 1 << 3 | 2, 1])
        let run = (0..<32).map { AliasPieces.Entry(number: $0, alias: 0) }
        #expect(AliasPieces.encode(run).count == 1 + 1 + 31 + 1 + 1)
    }

    @Test func `80 of 110 pieces with small aliases take about 200 bytes`() {
        let pieces = (0..<80).map { AliasPieces.Entry(number: $0 + $0 / 3, alias: Int64(1000 + $0)) }
        #expect(AliasPieces.encode(pieces).count < 220)
    }

    @Test(arguments: [
        [], [0], [2, 8, 1], [1, 8], [1, 16, 1], [1, 8, 0x80], [1, 8] + [UInt8](repeating: 0xff, count: 11),
    ])
    func `malformed bytes are refused`(bytes: [UInt8]) {
        #expect(AliasPieces.decode(bytes) == nil)
    }

    @Test func `no bytes crash the decoder`() {
        let random = RandomSource.seeded(4)
        for count in 0..<400 { _ = AliasPieces.decode([1] + random.bytes(count: count)) }
        _ = AliasPieces.decode([1] + [UInt8](repeating: 7, count: 100_000))
    }
}
