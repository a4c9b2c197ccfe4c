import PieceTransfer
import StorageModel
import TestSupport
import Testing
import WireMessages

/// What arrives, from whom, when all nodes are honest.
@Suite struct PieceDownloadTests {
    @Test func `the data pieces restore a segment and no other node is asked`() async throws {
        let fixture = DownloadFixture(stripeCount: 3000)
        let (bytes, report) = try await fixture.download(offered: 0..<10)
        #expect(bytes == fixture.stripes)
        #expect(fixture.nodes.map(\.callCount) == [1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
        #expect(report.failures.isEmpty && report.corruptPieces.isEmpty)
        #expect(report.receivedByteCount == fixture.pieceSize * 4)
        #expect(fixture.moreCallCount == 0)
    }

    @Test func `parity pieces alone restore a segment`() async throws {
        let fixture = DownloadFixture(stripeCount: 3000)
        let (bytes, _) = try await fixture.download(offered: 5..<9)
        #expect(bytes == fixture.stripes)
    }

    @Test(arguments: [1, 2, 63, 64, 65, 255, 256, 257, 1025])
    func `segments of every small size come whole`(stripeCount: Int) async throws {
        let fixture = DownloadFixture(stripeCount: stripeCount)
        let (bytes, _) = try await fixture.download(offered: [1, 3, 4, 9])
        #expect(bytes == fixture.stripes)
    }

    @Test func `ranges come from the middle of the pieces`() async throws {
        let fixture = DownloadFixture(stripeCount: 2000)
        for range: Range<Int64> in [0..<256, 256..<512, 256 * 700..<256 * 1900, 256 * 1999..<256 * 2000] {
            let (bytes, _) = try await fixture.download(offered: 0..<5, range: range)
            #expect(bytes == fixture.stripes(range))
        }
        #expect(fixture.nodes[0].requests.last?.chunk == .init(offset: 256 * 1999, size: 256))
    }

    @Test func `one piece suffices where one is required`() async throws {
        let scheme = try #require(RedundancyScheme(required: 1, repair: 1, optimal: 2, total: 3, shareSize: 64))
        let fixture = DownloadFixture(scheme, stripeCount: 9000)
        let (bytes, _) = try await fixture.download(offered: [2])
        #expect(bytes == fixture.stripes)
    }

    @Test func `29 of 110 pieces restore a segment`() async throws {
        let fixture = DownloadFixture(.release, stripeCount: 300)
        let (bytes, _) = try await fixture.download(offered: (0..<39).map { $0 * 2 + 20 })
        #expect(bytes == fixture.stripes)
        #expect(fixture.nodes.count { $0.callCount > 0 } == 29)
    }

    @Test func `a small piece is asked for and ordered in one message`() async throws {
        let fixture = DownloadFixture(stripeCount: 100)
        _ = try await fixture.download(offered: 0..<4)
        let request = try #require(fixture.nodes[2].requests.first)
        #expect(request.limit != nil && request.order?.amount == fixture.pieceSize)
        #expect(request.chunk == .init(offset: 0, size: fixture.pieceSize))
    }

    @Test func `orders grow and never exceed what is wanted`() async throws {
        let fixture = DownloadFixture(stripeCount: 16_000)
        _ = try await fixture.download(offered: 0..<4)
        #expect(fixture.nodes[0].requests.first?.order?.amount == 256 << 10)
        #expect(fixture.nodes.prefix(4).allSatisfy { $0.largestOrder == fixture.pieceSize })
    }

    @Test func `tiny messages and announcements are taken`() async throws {
        let fixture = DownloadFixture(stripeCount: 200)
        for node in fixture.nodes { node.script = .crumbling(100 + node.number) }
        let (bytes, _) = try await fixture.download(offered: 0..<4)
        #expect(bytes == fixture.stripes)
    }

    @Test func `nodes never get far ahead of what is delivered`() async throws {
        let fixture = DownloadFixture(stripeCount: 16_000)
        // What a piece may have waiting, on the wire included: the read-ahead, both ends' buffers, a message each.
        let slack = Int64(512 + 128 + 4 * 64) << 10
        let (bytes, _) = try await fixture.download(
            offered: 0..<4,
            inspect: { count in
                let position = Int64(count / fixture.scheme.requiredShares)
                for node in fixture.nodes { #expect(node.sentCount <= position + slack) }
            })
        #expect(bytes == fixture.stripes)
    }
}
