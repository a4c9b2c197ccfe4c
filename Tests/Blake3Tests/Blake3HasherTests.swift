import Blake3
import StorageModel
import TestSupport
import Testing

private struct Golden: Decodable {
    struct Case: Decodable {
        let size: Int
        let hash: HexBytes
    }
    let cases: [Case]
}

/// The input of the golden data: byte i is i mod 251.
func patternBytes(_ size: Int) -> [UInt8] { (0..<size).map { UInt8($0 % 251) } }

@Suite struct Blake3HasherTests {
    private static let levels = KernelLevel.allCases.filter { $0 <= .best }

    @Test(arguments: levels)
    func `every golden input has its hash on every kernel`(level: KernelLevel) throws {
        let golden = try Vectors.decode(Golden.self, from: "blake3.json")
        #expect(golden.cases.count > 100)
        for known in golden.cases {
            var hasher = Blake3Hasher(level: level)
            hasher.update(patternBytes(known.size))
            #expect(hasher.finalize().bytes == known.hash.bytes, "\(known.size) bytes")
            #expect(hasher.byteCount == Int64(known.size))
        }
    }

    @Test func `the reference of these tests agrees with the golden data`() throws {
        let golden = try Vectors.decode(Golden.self, from: "blake3.json")
        for known in golden.cases where known.size <= 20_000 {
            #expect(ReferenceBlake3.hash(patternBytes(known.size)) == known.hash.bytes, "\(known.size) bytes")
        }
    }

    @Test(arguments: levels, [UInt64(1), 2, 3])
    func `random cuts do not change the hash`(level: KernelLevel, seed: UInt64) {
        var random = RandomSource.seeded(seed)
        for _ in 0..<8 {
            let input = random.bytes(count: Int.random(in: 0...400_000, using: &random))
            var hasher = Blake3Hasher(collectingGroups: true, level: level)
            var rest = input[...]
            while !rest.isEmpty {
                let largest = [10, 1_000, 20_000, 300_000].randomElement(using: &random) ?? 1
                let part = rest.prefix(Int.random(in: 0...largest, using: &random))
                hasher.update(part)
                rest = rest.dropFirst(part.count)
            }
            #expect(hasher.finalize() == Blake3Hasher.hash(input), "seed \(seed), \(input.count) bytes")
        }
    }

    @Test func `the hash may be asked for at any time and more may follow`() {
        let input = patternBytes(70_000)
        var hasher = Blake3Hasher()
        for size in stride(from: 0, to: input.count, by: 1_777) {
            #expect(hasher.finalize() == Blake3Hasher.hash(input.prefix(size)), "\(size) bytes")
            hasher.update(input[size..<min(size + 1_777, input.count)])
        }
    }

    @Test func `bytes without contiguous storage hash the same`() {
        let input = patternBytes(40_000)
        #expect(Blake3Hasher.hash(input.lazy.map { $0 }) == Blake3Hasher.hash(input))
    }

    @Test(arguments: levels)
    func `group values are those of the reference at every boundary`(level: KernelLevel) {
        for groups in [1, 2, 3, 4, 5, 15, 16, 17, 33] {
            for change in [-1, 0, 1, 1_024] {
                let input = patternBytes(groups * 16_384 + change)
                var hasher = Blake3Hasher(collectingGroups: true, level: level)
                hasher.update(input)
                let values = hasher.groupValues()
                #expect(values.count == Blake3Tree.groupValuesSize(size: Int64(input.count)))
                guard input.count > 16_384 else { continue }
                let expected = stride(from: 0, to: input.count, by: 16_384).flatMap { start in
                    ReferenceBlake3.subtree(input[start...].prefix(16_384), firstChunk: UInt64(start / 1_024))
                }
                #expect(values == expected, "\(input.count) bytes")
            }
        }
    }

    @Test func `group values of a part are those of the whole`() {
        let input = patternBytes(16_384 * 7 + 5_000)
        var hasher = Blake3Hasher(collectingGroups: true)
        hasher.update(input)
        let whole = hasher.groupValues()
        for first in 0..<8 {
            for count in 1...8 - first {
                let part = input.dropFirst(first * 16_384).prefix(count * 16_384)
                let values = Array(part).withUnsafeBytes {
                    Blake3Tree.groupValues(of: $0, firstGroup: Int64(first))
                }
                #expect(values == Array(whole[first * 32..<(first + count) * 32]), "\(count) groups from \(first)")
            }
        }
    }
}
