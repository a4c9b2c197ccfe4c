import Metabase
import StorageModel
import TestSupport
import Testing

@Suite struct UpdatePiecesTests {
    private let fixture: Fixture
    private let stream: StreamID

    init() async throws {
        fixture = try await Fixture()
        try await fixture.createBucket()
        let object = try await fixture.metabase.putObject(
            fixture.newUpload("key"), segments: [fixture.remote(0, 0), fixture.remote(0, 1)],
            ObjectCommit(mayOverwrite: true))
        stream = object.stream
    }

    private func stored() async throws -> Segment { try await fixture.metabase.segment(of: stream, at: .zero) }

    private func remote(_ segment: Segment) throws -> RemoteSegment {
        guard case .remote(let remote) = segment.content else { throw MetabaseError.segmentNotFound }
        return remote
    }

    @Test func `pieces are replaced, hashes and nodes nobody had included, all else stays`() async throws {
        let before = try await stored()
        var expected = try remote(before)
        let other = try await fixture.metabase.segment(of: stream, at: SegmentPosition(part: 0, index: 1) ?? .zero)
        fixture.clock.advance(by: .seconds(60))
        let replacements = [
            SegmentPiece(number: 9, node: NodeID.random(using: fixture.random), hash: Bytes32(fixture.random.bytes(count: 32))),
            SegmentPiece(number: 0, node: NodeID.random(using: fixture.random), hash: nil),
        ]
        let pieces = replacements + expected.pieces.dropFirst(3)
        let time = fixture.clock.now
        #expect(
            try await fixture.metabase.updatePieces(
                of: stream, at: .zero, expecting: expected, to: pieces, repairedAt: time))
        var wanted = before
        wanted.repairedAt = time
        expected.pieces = pieces.sorted { $0.number < $1.number }
        wanted.content = .remote(expected)
        #expect(try await stored() == wanted)
        #expect(try await fixture.metabase.segment(of: stream, at: other.position) == other)
        // Taking a piece away says nothing about a repair: the time of the last one stays.
        #expect(
            try await fixture.metabase.updatePieces(
                of: stream, at: .zero, expecting: expected, to: Array(expected.pieces.dropLast())))
        #expect(try await stored().repairedAt == time)
        #expect(try await remote(stored()).pieces == Array(expected.pieces.dropLast()))
    }

    @Test func `who lost a race changes nothing and is told`() async throws {
        let seen = try await remote(stored())
        let first = Array(seen.pieces.dropFirst())
        #expect(try await fixture.metabase.updatePieces(of: stream, at: .zero, expecting: seen, to: first))
        let second = Array(seen.pieces.dropLast())
        #expect(try await !fixture.metabase.updatePieces(of: stream, at: .zero, expecting: seen, to: second))
        #expect(try await remote(stored()).pieces == first)
    }

    @Test func `another root under the same pieces is another segment`() async throws {
        var seen = try await remote(stored())
        seen.rootPieceID = PieceID.random(using: fixture.random)
        #expect(try await !fixture.metabase.updatePieces(of: stream, at: .zero, expecting: seen, to: []))
        #expect(try await remote(stored()).pieces == seen.pieces)
    }

    @Test func `a segment that was deleted, expired or never was stays gone`() async throws {
        let seen = try await remote(stored())
        let strange = StreamID.random(using: fixture.random)
        #expect(try await !fixture.metabase.updatePieces(of: strange, at: .zero, expecting: seen, to: seen.pieces))
        _ = try await fixture.metabase.deleteObject(fixture.at("key"))
        #expect(try await !fixture.metabase.updatePieces(of: stream, at: .zero, expecting: seen, to: seen.pieces))
        let expiring = try await fixture.metabase.putObject(
            fixture.newUpload("soon", expiresAt: fixture.clock.now.advanced(by: .seconds(5))),
            segments: [fixture.remote()], ObjectCommit(mayOverwrite: true))
        let content = try await remote(fixture.metabase.segment(of: expiring.stream, at: .zero))
        fixture.clock.advance(by: .seconds(6))
        #expect(
            try await !fixture.metabase.updatePieces(
                of: expiring.stream, at: .zero, expecting: content, to: content.pieces))
        #expect(try await fixture.count("segments") == 1)
    }

    @Test func `a copy keeps its own pieces`() async throws {
        let source = fixture.at("key")
        let begun = try await fixture.metabase.beginCopy(source, to: source.bucket)
        let copy = try await fixture.metabase.finishCopy(
            ObjectTransfer(
                source: ObjectReference(
                    bucket: begun.object.bucket, key: begun.object.key, version: begun.object.version,
                    stream: begun.object.stream),
                destination: fixture.at("copy"), segmentKeys: begun.segmentKeys, mayOverwrite: true))
        let seen = try await remote(stored())
        let fewer = Array(seen.pieces.dropFirst(4))
        #expect(try await fixture.metabase.updatePieces(of: stream, at: .zero, expecting: seen, to: fewer))
        #expect(try await remote(stored()).pieces == fewer)
        #expect(try await remote(fixture.metabase.segment(of: copy.stream, at: .zero)).pieces == seen.pieces)
    }

    @Test func `of many at once exactly one wins`() async throws {
        let seen = try await remote(stored())
        let metabase = fixture.metabase
        let stream = stream
        let winners = try await withThrowingTaskGroup(of: Int?.self) { group in
            for index in seen.pieces.indices {
                group.addTask {
                    var fewer = seen.pieces
                    fewer.remove(at: index)
                    let won = try await metabase.updatePieces(of: stream, at: .zero, expecting: seen, to: fewer)
                    return won ? index : nil
                }
            }
            return try await group.reduce(into: [Int]()) { winners, winner in if let winner { winners.append(winner) } }
        }
        #expect(winners.count == 1)
        var fewer = seen.pieces
        fewer.remove(at: try #require(winners.first))
        #expect(try await remote(stored()).pieces == fewer)
    }
}
