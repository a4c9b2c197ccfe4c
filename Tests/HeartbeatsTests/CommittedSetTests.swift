import Crypto
import Heartbeats
import StorageModel
import TestSupport
import Testing

@Suite struct CommittedSetTests {
    @Test func `a leaf is the hash of id, size and content hash`() throws {
        let piece = try #require(
            CommittedPiece(id: PieceID(storage: Bytes32(words: [1, 2, 3, 4])), size: 2049, hash: Bytes32(words: [5, 6, 7, 8])))
        let size = [UInt8](repeating: 0, count: 30) + [8, 1]
        #expect(piece.leaf.hash.bytes == Array(SHA256.hash(data: piece.id.bytes + size + piece.hash.bytes)))
        #expect(piece.leaf.sum == 3)
    }

    @Test func `a parent is the hash of both children and their sums`() throws {
        let left = SumNode(hash: Bytes32(words: [1, 1, 1, 1]), sum: 256)
        let right = SumNode(hash: Bytes32(words: [2, 2, 2, 2]), sum: 1)
        let zeros = [UInt8](repeating: 0, count: 30)
        let input = left.hash.bytes + zeros + [1, 0] + right.hash.bytes + zeros + [0, 1]
        #expect(SumNode.parent(left, right)?.hash.bytes == Array(SHA256.hash(data: input)))
        #expect(SumNode.parent(left, right)?.sum == 257)
        #expect(SumNode.parent(SumNode(hash: Bytes32(), sum: .max), right) == nil)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 33])
    func `every piece's path leads to the root and to its first chunk`(count: Int) throws {
        let set = try Farm(sizes: (0..<count).map { 1 + $0 * 700 }).set
        var firstChunk: UInt64 = 0
        for (index, piece) in set.pieces.enumerated() {
            let end = try #require(set.path(piece: index).root(from: piece.leaf))
            #expect(end.node == set.root)
            #expect(end.firstChunk == firstChunk)
            firstChunk += piece.chunkCount
        }
        #expect(firstChunk == set.root.sum)
    }

    @Test func `chunks are located in pieces without gaps`() throws {
        let set = try Farm(sizes: [1, 1024, 1025, 5000, 0]).set
        var located: [(Int, Int64)] = []
        for chunk in 0..<set.root.sum {
            let place = try #require(set.locate(chunk: chunk))
            located.append((place.piece, place.chunk))
        }
        let expected = set.pieces.enumerated().flatMap { index, piece in
            (0..<Int64(piece.chunkCount)).map { (index, $0) }
        }
        #expect(located.map(\.0) == expected.map(\.0))
        #expect(located.map(\.1) == expected.map(\.1))
        #expect(set.locate(chunk: set.root.sum) == nil)
    }

    @Test func `the same pieces in another order commit to the same root, one byte less to another`() throws {
        let set = try Farm(sizes: [100, 2000, 30000]).set
        #expect(try CommittedSet(set.pieces.reversed()).root == set.root)
        var pieces = set.pieces
        pieces[0] = try #require(CommittedPiece(id: pieces[0].id, size: pieces[0].size - 1, hash: pieces[0].hash))
        #expect(try CommittedSet(pieces).root != set.root)
    }

    @Test func `a set without pieces has nothing to show, a piece twice is refused`() throws {
        #expect(try CommittedSet([]).root.sum == 0)
        let piece = try Farm(sizes: [10]).set.pieces[0]
        #expect(throws: HeartbeatError.duplicatePiece(piece.id)) { try CommittedSet([piece, piece]) }
    }

    @Test func `two sides find where their lists differ by comparing subtrees`() throws {
        let mine = try Farm(sizes: (0..<64).map { $0 + 1 }).set
        let theirs = try CommittedSet(Array(mine.pieces.dropLast()))
        let differing = zip(mine.subtrees(height: 3), theirs.subtrees(height: 3)).filter { $0.node != $1.node }
        #expect(differing.count == 1)
        #expect(differing.first?.0.firstPiece == mine.pieces[56].id)
    }
}

@Suite struct MemoryTests {
    @Test func `bytes go to memory and come back as they are`() {
        let random = RandomSource.seeded(6)
        for _ in 0..<100 {
            let value = PieceID.random(using: random).storage
            let bytes = [9, 9, 9] + value.bytes + [9]
            bytes.withUnsafeBytes { bytes in
                #expect(Bytes32(loading: UnsafeRawBufferPointer(rebasing: bytes[3...])) == value)
            }
            var copy = [UInt8](repeating: 7, count: 40)
            copy.withUnsafeMutableBytes { value.store(in: $0, at: 5) }
            #expect(copy == [7, 7, 7, 7, 7] + value.bytes + [7, 7, 7])
        }
    }
}
