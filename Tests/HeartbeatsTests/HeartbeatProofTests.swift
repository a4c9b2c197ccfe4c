import Blake3
import Heartbeats
import StorageModel
import TestSupport
import Testing

@Suite struct HeartbeatProofTests {
    @Test(arguments: [[1], [1024], [1025], [100, 2000, 30_000, 70_000], [0, 0, 1]])
    func `an honest farmer passes`(sizes: [Int]) async throws {
        let farm = try Farm(sizes: sizes)
        let proof = try await farm.answer(farm.challenge())
        #expect(HeartbeatVerdict.judge(proof, challenge: farm.challenge(), root: farm.set.root) == .passed)
    }

    @Test func `who lost a piece fails at the first sample in it`() async throws {
        var farm = try Farm(sizes: [40_000, 40_000, 40_000])
        let lost = farm.set.pieces[1].id
        farm.contents[lost] = nil
        let challenge = farm.challenge()
        let first = challenge.chunks.firstIndex { farm.set.locate(chunk: $0)?.piece == 1 }
        let verdict = HeartbeatVerdict.judge(
            try await farm.answer(challenge), challenge: challenge, root: farm.set.root)
        #expect(verdict == .failed(sample: try #require(first), .otherContent))
    }

    @Test func `answers to another period, of another set, or for other chunks do not pass`() async throws {
        let farm = try Farm(sizes: [50_000, 60_000])
        let other = try Farm(sizes: [50_000, 60_000], seed: 2)
        let challenge = farm.challenge()
        let old = try await farm.answer(farm.challenge(period: 2))
        #expect(HeartbeatVerdict.judge(old, challenge: challenge, root: farm.set.root) != .passed)
        let foreign = try await other.answer(challenge)
        #expect(
            HeartbeatVerdict.judge(foreign, challenge: challenge, root: farm.set.root)
                == .failed(sample: 0, .otherSet))
    }

    @Test func `an answer with a sample too few or too many fails`() async throws {
        let farm = try Farm(sizes: [50_000])
        let samples = try await farm.answer(farm.challenge()).samples
        let short = HeartbeatProof(samples: Array(samples.dropLast()))
        #expect(
            HeartbeatVerdict.judge(short, challenge: farm.challenge(), root: farm.set.root) == .failed(sample: 79, nil))
        let long = HeartbeatProof(samples: samples + [samples[0]])
        #expect(
            HeartbeatVerdict.judge(long, challenge: farm.challenge(), root: farm.set.root) == .failed(sample: 80, nil))
    }

    @Test func `claiming other chunks of a piece or a larger piece is noticed`() async throws {
        let farm = try Farm(sizes: [3000, 3000])
        let challenge = farm.challenge(samples: 1)
        let sample = try #require(try await farm.answer(challenge).samples.first)
        let number = try #require(challenge.chunks.first)
        let shifted = (number + 1) % farm.set.root.sum
        #expect(sample.objection(chunk: shifted, root: farm.set.root) != nil)
        let larger = try #require(
            CommittedPiece(id: sample.piece.id, size: sample.piece.size + 1, hash: sample.piece.hash))
        let claim = SampleProof(piece: larger, path: sample.path, chunk: sample.chunk)
        #expect(claim.objection(chunk: number, root: farm.set.root) == .otherSet)
    }

    @Test func `a proof survives its encoding, and every cut of it is refused`() async throws {
        let farm = try Farm(sizes: [100, 20_000, 3000])
        let proof = try await farm.answer(farm.challenge(samples: 3))
        #expect(try HeartbeatProof(encoded: proof.encoded) == proof)
        for count in 0..<proof.encoded.count {
            #expect(throws: HeartbeatError.self) { try HeartbeatProof(encoded: proof.encoded.prefix(count)) }
        }
        #expect(throws: HeartbeatError.self) { try HeartbeatProof(encoded: proof.encoded + [0]) }
    }

    @Test func `a bit flipped anywhere in an encoded proof never passes and never traps`() async throws {
        let farm = try Farm(sizes: [100, 20_000, 3000])
        let challenge = farm.challenge(samples: 2)
        let encoded = try await farm.answer(challenge).encoded
        for index in encoded.indices {
            var bytes = encoded
            bytes[index] ^= 0x10
            guard let proof = try? HeartbeatProof(encoded: bytes) else { continue }
            #expect(HeartbeatVerdict.judge(proof, challenge: challenge, root: farm.set.root) != .passed)
        }
    }
}
