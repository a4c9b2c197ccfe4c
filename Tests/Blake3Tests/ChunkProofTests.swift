import Blake3
import StorageModel
import TestSupport
import Testing

/// An input with what a node stores beside it.
private struct Stored {
    let bytes: [UInt8]
    let groupValues: [UInt8]
    let root: Bytes32
    var size: Int64 { Int64(bytes.count) }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var hasher = Blake3Hasher(collectingGroups: true)
        hasher.update(bytes)
        groupValues = hasher.groupValues()
        root = hasher.finalize()
    }

    func group(of chunk: Int64) throws -> [UInt8] {
        let range = try #require(Blake3Tree.groupRange(chunk: chunk, size: size))
        return Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
    }

    func proof(_ chunk: Int64) throws -> ChunkProof {
        try .make(chunk: chunk, size: size, group: group(of: chunk), groupValues: groupValues)
    }
}

@Suite struct ChunkProofTests {
    @Test func `every chunk of inputs around every boundary is proven`() throws {
        let sizes = [0, 1, 1_023, 1_024, 1_025, 2_048, 2_049, 5_000, 16_383, 16_384, 16_385, 17_408, 32_768, 32_769]
        for size in sizes + [49_152, 65_536, 65_537, 100_000, 163_840] {
            let stored = Stored(patternBytes(size))
            for chunk in 0..<Blake3Tree.chunkCount(size: stored.size) {
                let proof = try stored.proof(chunk)
                #expect(proof.isValid(index: chunk, size: stored.size, root: stored.root), "chunk \(chunk) of \(size)")
                #expect(proof.siblings.count == Blake3Tree.pathLength(chunk: chunk, size: stored.size))
            }
        }
    }

    @Test func `the largest ordinary piece has a path of at most twelve`() throws {
        let stored = Stored(patternBytes(2_314_240))
        for chunk in [Int64(0), 1, 15, 16, 1_024, 2_047, 2_048, 2_240, 2_259] {
            let proof = try stored.proof(chunk)
            #expect(proof.siblings.count <= 12)
            #expect(proof.isValid(index: chunk, size: stored.size, root: stored.root), "chunk \(chunk)")
        }
    }

    @Test func `a proof holds for its own index and root only`() throws {
        let stored = Stored(patternBytes(40_000))
        for chunk in 0..<Blake3Tree.chunkCount(size: stored.size) {
            let proof = try stored.proof(chunk)
            for other in -1...Blake3Tree.chunkCount(size: stored.size) where other != chunk {
                #expect(!proof.isValid(index: other, size: stored.size, root: stored.root), "\(chunk) as \(other)")
            }
            #expect(!proof.isValid(index: chunk, size: stored.size, root: Bytes32()))
        }
    }

    @Test func `the last chunk proves the size`() throws {
        let stored = Stored(patternBytes(40_000))
        let last = Blake3Tree.chunkCount(size: stored.size) - 1
        let proof = try stored.proof(last)
        for size in Int64(0)...60_000 where size != stored.size {
            #expect(!proof.isValid(index: last, size: size, root: stored.root), "\(size) bytes")
        }
    }

    @Test func `every flipped bit of a proof is noticed`() throws {
        let stored = Stored(patternBytes(3_000))
        let proof = try stored.proof(2)
        for bit in 0..<proof.chunk.count * 8 {
            var chunk = proof.chunk
            chunk[bit / 8] ^= 1 << UInt8(bit % 8)
            let forged = ChunkProof(chunk: chunk, siblings: proof.siblings)
            #expect(!forged.isValid(index: 2, size: stored.size, root: stored.root), "bit \(bit) of the chunk")
        }
        for bit in 0..<proof.siblings.count * 256 {
            var siblings = proof.siblings
            var bytes = siblings[bit / 256].bytes
            bytes[bit % 256 / 8] ^= 1 << UInt8(bit % 8)
            siblings[bit / 256] = try #require(Bytes32(bytes))
            let forged = ChunkProof(chunk: proof.chunk, siblings: siblings)
            #expect(!forged.isValid(index: 2, size: stored.size, root: stored.root), "bit \(bit) of the siblings")
        }
    }

    @Test func `wrong lengths and absurd numbers are refused with a reason`() throws {
        let stored = Stored(patternBytes(20_000))
        let proof = try stored.proof(19)
        for (index, size) in [(-1, 20_000), (20, 20_000), (0, -1), (.max, .max), (.min, .min)] as [(Int64, Int64)] {
            #expect(throws: Blake3Error.noSuchChunk) { try proof.root(index: index, size: size) }
            #expect(throws: Blake3Error.noSuchChunk) {
                try ChunkProof.make(chunk: index, size: size, group: [], groupValues: [])
            }
        }
        #expect(throws: Blake3Error.wrongChunkLength) { try proof.root(index: 19, size: 20_001) }
        #expect(throws: Blake3Error.wrongPathLength) { try proof.root(index: 0, size: Int64(proof.chunk.count)) }
        let long = ChunkProof(chunk: [UInt8](repeating: 0, count: 1_024), siblings: proof.siblings)
        #expect(throws: Blake3Error.wrongPathLength) { try long.root(index: 0, size: .max) }
        let group = try stored.group(of: 19)
        #expect(throws: Blake3Error.wrongGroupLength) {
            try ChunkProof.make(chunk: 19, size: 20_000, group: group.dropLast(), groupValues: stored.groupValues)
        }
        #expect(throws: Blake3Error.wrongGroupValuesLength) {
            try ChunkProof.make(chunk: 19, size: 20_000, group: group, groupValues: [])
        }
        #expect(throws: Blake3Error.wrongGroupValuesLength) {
            try Blake3Tree.root(groupValues: stored.groupValues, size: 40_000)
        }
        #expect(throws: Blake3Error.wrongGroupValuesLength) { try Blake3Tree.root(groupValues: [], size: 100) }
    }

    @Test func `a damaged group is noticed before a proof is made of it`() throws {
        let stored = Stored(patternBytes(50_000))
        var group = try stored.group(of: 3)
        group[9_999] ^= 1
        #expect(throws: Blake3Error.groupMismatch) {
            try ChunkProof.make(chunk: 3, size: stored.size, group: group, groupValues: stored.groupValues)
        }
    }

    @Test func `stored group values lead to the hash`() throws {
        for size in [16_385, 32_768, 32_769, 100_000, 262_144, 278_529] {
            let stored = Stored(patternBytes(size))
            #expect(try Blake3Tree.root(groupValues: stored.groupValues, size: stored.size) == stored.root)
        }
    }
}
