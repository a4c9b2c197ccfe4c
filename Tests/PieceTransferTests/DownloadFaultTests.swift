import DRPC
import PieceTransfer
import StorageModel
import TestSupport
import Testing
import WireMessages

/// What happens when nodes are dead, slow or wrong.
@Suite struct DownloadFaultTests {
    @Test func `a dead node is replaced by another one`() async throws {
        let fixture = DownloadFixture(stripeCount: 3000)
        fixture.network.unregister(address: fixture.nodes[1].address)
        let (bytes, report) = try await fixture.download(offered: 0..<5)
        #expect(bytes == fixture.stripes)
        #expect(report.failures.map(\.number) == [1])
        #expect(report.failures.first?.node == fixture.nodes[1].id)
        #expect(fixture.book.isSuspect(fixture.nodes[1].id))
    }

    @Test func `all but k nodes may be dead, and the satellite is asked for the rest`() async throws {
        let fixture = DownloadFixture(stripeCount: 3000)
        for number in [0, 1, 2, 4, 6, 8] { fixture.nodes[number].script = .refusing }
        let (bytes, report) = try await fixture.download(offered: 0..<5, later: Array(0..<10))
        #expect(bytes == fixture.stripes)
        #expect(Set(report.failures.map(\.number)).isSuperset(of: [0, 1, 2, 4]))
        #expect(fixture.moreCallCount >= 1)
    }

    @Test func `fewer than k nodes are an error that names them all`() async throws {
        let fixture = DownloadFixture(stripeCount: 30)
        for number in 0..<7 { fixture.nodes[number].script = .refusing }
        let error = await #expect(throws: TransferError.self) {
            try await fixture.download(offered: 0..<10, later: Array(0..<10))
        }
        guard case .notEnoughPieces(needed: 4, available: 3, let failures) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(Set(failures.map(\.node)) == Set(fixture.nodes.prefix(7).map(\.id)))
        #expect(failures.allSatisfy { $0.reason.contains("go away") })
    }

    @Test func `when the satellite refuses more, its refusal is the error`() async throws {
        let fixture = DownloadFixture(stripeCount: 30)
        fixture.nodes[0].script = .refusing
        await #expect(throws: DownloadFixture.NoMore.self) { try await fixture.download(offered: 0..<4) }
        #expect(fixture.openCallCount == 0)
    }

    @Test(arguments: [Int64(0), 1, 70_000, 300_001, 700_000])
    func `a node that dies within its piece is replaced from there`(count: Int64) async throws {
        let fixture = DownloadFixture(stripeCount: 3000)
        fixture.nodes[2].script = .dying(after: count)
        let (bytes, report) = try await fixture.download(offered: 0..<5)
        #expect(bytes == fixture.stripes)
        #expect(report.failures.map(\.number) == [2])
        #expect(report.failures.first?.reason.contains("disk on fire") == true)
    }

    @Test func `nodes that break the rules are named and not asked again`() async throws {
        let scripts: [(ScriptedNode.Script, String)] = [
            (.misplacing, "sent bytes at"), (.overflowing, "were ordered"), (.chattering, "without data"),
        ]
        for (script, reason) in scripts {
            let fixture = DownloadFixture(stripeCount: 1000)
            fixture.nodes[3].script = script
            let (bytes, report) = try await fixture.download(offered: 0..<4, later: Array(0..<10))
            #expect(bytes == fixture.stripes)
            #expect(report.failures.count == 1 && report.failures.first?.node == fixture.nodes[3].id)
            #expect(report.failures.first?.reason.contains(reason) == true)
            #expect(fixture.nodes[3].callCount == 1)
        }
    }

    @Test func `a stalled node is replaced once others have moved on`() async throws {
        let fixture = DownloadFixture(stripeCount: 1000)
        fixture.nodes[1].script = .stalling(after: 65_536)
        async let download = fixture.download(offered: 0..<5)
        for number in [0, 2, 3] { await fixture.nodes[number].isClosed() }
        await fixture.nodes[1].hasSent(65_536)
        for _ in 0..<4 { await fixture.clock.turn(by: .milliseconds(125)) }
        let (bytes, _) = try await download
        #expect(bytes == fixture.stripes)
        #expect(fixture.book.isSuspect(fixture.nodes[1].id))
        #expect(fixture.nodes[4].callCount == 1)
        // It begins where the others wait, not at the beginning.
        #expect(fixture.nodes[4].requests[0].chunk?.offset == Int64(TransferSettings().downloadChunkSize))
        #expect(fixture.openCallCount == 0)
    }

    @Test func `a node that never answers is replaced before the stall time is over`() async throws {
        for silent in [[1], [0, 3], [0, 1, 2]] {
            let fixture = DownloadFixture(stripeCount: 1000)
            for number in silent { fixture.nodes[number].script = .stalling(after: 0) }
            async let download = fixture.download(offered: 0..<10)
            for number in 0..<4 where !silent.contains(number) { await fixture.nodes[number].isClosed() }
            for number in silent { await fixture.nodes[number].isCalled() }
            for _ in 0..<2 { await fixture.clock.turn(by: .milliseconds(50)) }
            #expect(try await download.bytes == fixture.stripes)
            #expect(fixture.nodes.map(\.callCount).reduce(0, +) == 4 + silent.count)
        }
    }

    @Test func `a stalled node is asked last by the next download`() async throws {
        let fixture = DownloadFixture(stripeCount: 10)
        fixture.book.stalled(fixture.nodes[0].id)
        let (bytes, _) = try await fixture.download(offered: 0..<5)
        #expect(bytes == fixture.stripes)
        #expect(fixture.nodes.map(\.callCount) == [0, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    }

    @Test func `with too few nodes above suspicion the satellite is asked for others first`() async throws {
        let fixture = DownloadFixture(stripeCount: 10)
        for number in [1, 3] { fixture.book.stalled(fixture.nodes[number].id) }
        let (bytes, _) = try await fixture.download(offered: 0..<5, later: Array(0..<10))
        #expect(bytes == fixture.stripes)
        #expect(fixture.moreCallCount == 1)
        #expect(fixture.nodes.map(\.callCount) == [1, 0, 1, 0, 1, 1, 0, 0, 0, 0])
    }

    @Test func `suspects are asked when the satellite has no others`() async throws {
        let fixture = DownloadFixture(stripeCount: 10)
        for number in [1, 3] { fixture.book.stalled(fixture.nodes[number].id) }
        let (bytes, _) = try await fixture.download(offered: 0..<5)
        #expect(bytes == fixture.stripes)
        #expect(fixture.nodes.map(\.callCount) == [1, 1, 1, 0, 1, 0, 0, 0, 0, 0])
    }

    @Test func `a single silent node is replaced after three times the time`() async throws {
        let scheme = try #require(RedundancyScheme(required: 1, repair: 1, optimal: 2, total: 2, shareSize: 256))
        let fixture = DownloadFixture(scheme, stripeCount: 100)
        fixture.nodes[0].script = .stalling(after: 0)
        async let download = fixture.download(offered: 0..<2)
        await fixture.nodes[0].isCalled()
        for _ in 0..<6 { await fixture.clock.turn(by: .milliseconds(125)) }
        #expect(try await download.bytes == fixture.stripes)
    }

    @Test func `silence of all is an error in the end`() async throws {
        let fixture = DownloadFixture(stripeCount: 100)
        for node in fixture.nodes { node.script = .stalling(after: 0) }
        async let download = fixture.download(offered: 0..<4, later: Array(0..<10))
        for number in 0..<4 { await fixture.nodes[number].isCalled() }
        let turning = Task {
            while !Task.isCancelled { await fixture.clock.turn(by: .milliseconds(400)) }
        }
        do {
            _ = try await download
            Issue.record("nobody answered, and yet there are bytes")
        } catch {
            #expect("\(error)".contains("no node makes progress"))
        }
        turning.cancel()
        #expect(fixture.openCallCount == 0)
    }

    @Test func `a cancelled download ends its calls`() async throws {
        let fixture = DownloadFixture(stripeCount: 1000)
        for node in fixture.nodes { node.script = .stalling(after: 1000) }
        let download = Task { try await fixture.download(offered: 0..<5).bytes }
        for number in 0..<4 { await fixture.nodes[number].hasSent(1000) }
        download.cancel()
        await #expect(throws: CancellationError.self) { try await download.value }
        #expect(fixture.openCallCount == 0)
    }

    @Test func `a caller's error ends the download and comes out unchanged`() async throws {
        struct Enough: Error {}
        let fixture = DownloadFixture(stripeCount: 16_000)
        await #expect(throws: Enough.self) {
            try await fixture.download(offered: 0..<4, inspect: { if $0 > 1 << 20 { throw Enough() } })
        }
        #expect(fixture.openCallCount == 0)
    }

    @Test func `offers beyond the scheme and second offers to one node are passed over`() async throws {
        let fixture = DownloadFixture(stripeCount: 10)
        var assignment = fixture.assignment(0..<10)
        assignment.limits[1] = assignment.limits[0]
        assignment.limits.append(assignment.limits[9])
        var bytes: [UInt8] = []
        try await fixture.downloader().download(
            assignment, range: 0..<fixture.pieceSize, more: { throw DownloadFixture.NoMore() }, deliver: { bytes += $0 })
        #expect(bytes == fixture.stripes)
        #expect(fixture.nodes.map(\.callCount) == [1, 0, 1, 1, 1, 0, 0, 0, 0, 0])
    }
}
