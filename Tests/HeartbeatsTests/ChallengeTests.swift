import Ethereum
import Heartbeats
import StorageModel
import TestSupport
import Testing

@Suite struct ChallengeTests {
    private func challenge(total: UInt64, samples: Int = 80) -> Challenge {
        Challenge(
            beacon: Bytes32(words: [1, 2, 3, 4]), agreement: Bytes32(words: [5, 6, 7, 8]), period: 9, total: total,
            sampleCount: samples)
    }

    @Test func `the seed is the hash of three words of 32 bytes`() {
        let words = Bytes32(words: [1, 2, 3, 4]).bytes + Bytes32(words: [5, 6, 7, 8]).bytes
        #expect(challenge(total: 1).seed == Keccak256.hash(words + [UInt8](repeating: 0, count: 31) + [9]))
    }

    @Test func `sample 0 is the seed itself, taken as a number of 256 bits`() {
        let seed = Bytes32(words: [0, 0, 1, 5])
        // 2^64 + 5 modulo 1000.
        #expect(Challenge(seed: seed, total: 1000, sampleCount: 1).chunk(sample: 0) == 621)
        #expect(Challenge(seed: seed, total: .max, sampleCount: 1).chunk(sample: 0) == 6)
    }

    @Test func `later samples hash seed and number`() {
        let asked = challenge(total: 1 << 32)
        let hash = Keccak256.hash(asked.seed.bytes + [UInt8](repeating: 0, count: 31) + [7])
        // Modulo a power of two only the lowest word counts.
        #expect(asked.chunk(sample: 7) == hash.words[3] & 0xffff_ffff)
    }

    @Test func `samples lie below the total and differ with the period`() {
        let asked = challenge(total: 1000)
        #expect(asked.chunks.count == 80)
        #expect(asked.chunks.allSatisfy { $0 < 1000 })
        let next = Challenge(
            beacon: Bytes32(words: [1, 2, 3, 4]), agreement: Bytes32(words: [5, 6, 7, 8]), period: 10, total: 1000)
        #expect(next.chunks != asked.chunks)
    }

    @Test func `nothing is asked of an empty set`() {
        #expect(challenge(total: 0).chunks.isEmpty)
    }
}
