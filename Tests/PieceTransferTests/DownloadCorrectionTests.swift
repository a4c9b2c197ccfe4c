import DRPC
import PieceTransfer
import StorageModel
import TestSupport
import Testing

/// What error correction finds, corrects and refuses.
@Suite struct DownloadCorrectionTests {
    @Test func `every piece is fetched and honest ones are believed`() async throws {
        let fixture = DownloadFixture(stripeCount: 1500)
        let (bytes, report) = try await fixture.download(offered: 0..<5, later: Array(0..<8), correction: .on)
        #expect(bytes == fixture.stripes)
        #expect(report.corruptPieces.isEmpty)
        #expect(fixture.nodes.map(\.callCount) == [1, 1, 1, 1, 1, 1, 1, 1, 0, 0])
    }

    @Test func `up to half of the surplus may lie and is named`() async throws {
        let fixture = DownloadFixture(stripeCount: 1500)
        fixture.nodes[0].script = .lying(from: 0)
        fixture.nodes[5].script = .lying(from: 200_000)
        let (bytes, report) = try await fixture.download(offered: 0..<5, later: Array(0..<8), correction: .on)
        #expect(bytes == fixture.stripes)
        #expect(report.corruptPieces.map(\.node) == [fixture.nodes[0].id, fixture.nodes[5].id])
    }

    @Test func `scattered wrong bytes of several pieces are corrected`() async throws {
        let fixture = DownloadFixture(stripeCount: 300)
        for number in [1, 3, 7] { fixture.nodes[number].script = .sprinkling(every: 997) }
        let (bytes, report) = try await fixture.download(offered: [], later: Array(0..<10), correction: .on)
        #expect(bytes == fixture.stripes)
        #expect(report.corruptPieces.map(\.number) == [1, 3, 7])
    }

    @Test func `one liar more is an error`() async throws {
        let fixture = DownloadFixture(stripeCount: 100)
        for number in [1, 4, 6] { fixture.nodes[number].script = .lying(from: 0) }
        await #expect(throws: TransferError.self) {
            _ = try await fixture.download(offered: 0..<5, later: Array(0..<8), correction: .on)
        }
    }

    @Test func `without correction a liar's bytes come out, for the caller to notice`() async throws {
        let fixture = DownloadFixture(stripeCount: 100)
        fixture.nodes[1].script = .lying(from: 0)
        let (bytes, _) = try await fixture.download(offered: 0..<5)
        #expect(bytes.count == fixture.stripes.count && bytes != fixture.stripes)
    }

    @Test func `dead nodes are left out of the vote`() async throws {
        let fixture = DownloadFixture(stripeCount: 500)
        fixture.network.unregister(address: fixture.nodes[3].address)
        fixture.nodes[4].script = .dying(after: 70_000)
        fixture.nodes[6].script = .lying(from: 5)
        let (bytes, report) = try await fixture.download(offered: [], later: Array(0..<9), correction: .on)
        #expect(bytes == fixture.stripes)
        #expect(report.corruptPieces.map(\.number) == [6])
    }

    @Test func `a silent node is waited for longer, then left out`() async throws {
        let fixture = DownloadFixture(stripeCount: 100)
        fixture.nodes[2].script = .stalling(after: 0)
        async let download = fixture.download(offered: [], later: Array(0..<8), correction: .on)
        for number in [0, 1, 3, 4, 5, 6, 7] { await fixture.nodes[number].isClosed() }
        await fixture.nodes[2].isCalled()
        for _ in 0..<17 { await fixture.clock.turn(by: .milliseconds(125)) }
        #expect(try await download.bytes == fixture.stripes)
    }
}
