import Blake3
import Kernels
import StorageModel
import TestSupport
import Testing

@Suite struct KernelsTests {
    @Test func `chunk kernels agree for every count and across the carry of the counter`() {
        let input = RandomSource.seeded(4).bytes(count: 40 * 1_024)
        for level in KernelLevel.allCases where level <= .best {
            for counter in [UInt64(0), 0xffff_fff5, 0xffff_ffff_ffff] {
                for count in 0...40 {
                    #expect(
                        chunks(level, input, count, counter) == chunks(.portable, input, count, counter),
                        "\(level), \(count) chunks from \(counter)")
                }
            }
        }
    }

    @Test func `parent kernels agree for every count, also in place`() {
        let children = RandomSource.seeded(5).bytes(count: 40 * 64)
        for level in KernelLevel.allCases where level <= .best {
            for count in 0...40 {
                var portable = children
                storj_blake3_parents(KernelLevel.portable.rawValue, children, count, &portable)
                var inPlace = children
                inPlace.withUnsafeMutableBufferPointer {
                    storj_blake3_parents(level.rawValue, $0.baseAddress, count, $0.baseAddress)
                }
                #expect(inPlace.prefix(count * 32) == portable.prefix(count * 32), "\(level), \(count) parents")
            }
        }
    }

    @Test func `a kernel writes nothing behind its values`() {
        let input = RandomSource.seeded(6).bytes(count: 16 * 1_024)
        for level in KernelLevel.allCases where level <= .best {
            for count in 0...16 {
                var output = [UInt8](repeating: 0xa5, count: 17 * 32)
                storj_blake3_chunks(level.rawValue, input, count, 0, &output)
                #expect(output.dropFirst(count * 32).allSatisfy { $0 == 0xa5 }, "\(level), \(count) chunks")
            }
        }
    }

    private func chunks(_ level: KernelLevel, _ input: [UInt8], _ count: Int, _ counter: UInt64) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: count * 32)
        storj_blake3_chunks(level.rawValue, input, count, counter, &output)
        return output
    }
}
