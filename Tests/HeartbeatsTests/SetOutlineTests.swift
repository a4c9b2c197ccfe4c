import Heartbeats
import StorageModel
import TestSupport
import Testing

@Suite struct SetOutlineTests {
    private func pieces(_ count: Int) -> [CommittedPiece] {
        let random = RandomSource.seeded(UInt64(count))
        return (0..<count).compactMap { _ in
            CommittedPiece(
                id: PieceID.random(using: random), size: Int64(random.next() % 9000), hash: PieceID.random(using: random).storage)
        }.sorted { $0.id < $1.id }
    }

    private func blocks(_ pieces: [CommittedPiece]) throws -> [CommittedSet] {
        try stride(from: 0, to: pieces.count, by: SetOutline.blockSize).map { start in
            try CommittedSet(sorted: Array(pieces[start..<min(start + SetOutline.blockSize, pieces.count)]))
        }
    }

    @Test(arguments: [1, 2, 255, 256, 257, 511, 512, 513, 769, 1100, 2049])
    func `an outline of blocks has the root and the paths of the whole set`(count: Int) throws {
        let set = try CommittedSet(sorted: pieces(count))
        let blocks = try blocks(set.pieces)
        let outline = try SetOutline(blocks: blocks.map(\.root))
        #expect(outline.root == set.root)
        let random = RandomSource.seeded(7)
        for _ in 0..<50 {
            let chunk = random.next() % set.root.sum
            let expected = try #require(set.locate(chunk: chunk))
            let place = try #require(outline.locate(chunk: chunk))
            let sample = try #require(
                outline.sample(chunk: place.chunk, in: blocks[place.block], block: place.block))
            #expect(sample.piece == set.pieces[expected.piece])
            #expect(sample.chunk == expected.chunk)
            #expect(sample.path == set.path(piece: expected.piece))
        }
        #expect(outline.locate(chunk: set.root.sum) == nil)
    }

    @Test func `a block that is not the one of the outline is noticed`() throws {
        let set = try CommittedSet(sorted: pieces(600))
        let blocks = try blocks(set.pieces)
        let outline = try SetOutline(blocks: blocks.map(\.root))
        #expect(outline.sample(chunk: 0, in: blocks[1], block: 0) == nil)
        #expect(outline.sample(chunk: .max, in: blocks[0], block: 0) == nil)
    }

    @Test func `pieces that are not in order are no set`() throws {
        let pieces = pieces(3)
        #expect(throws: HeartbeatError.duplicatePiece(pieces[0].id)) {
            try CommittedSet(sorted: [pieces[1], pieces[0]])
        }
        #expect(throws: HeartbeatError.duplicatePiece(pieces[1].id)) {
            try CommittedSet(sorted: [pieces[0], pieces[1], pieces[1]])
        }
    }
}
