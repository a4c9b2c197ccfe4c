import Accounting
import DRPC
import Database
import Foundation
import Identity
import Metabase
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct UsageTests {
    private let limits: (storageBytes: Int64, bandwidthBytes: Int64, segments: Int64) = (1000, 500, 3)
    private let bucket = Array("bucket".utf8)

    @Test func `a project may fill its limits exactly and not exceed them`() async throws {
        let satellite = try await SmallSatellite()
        let (accounting, project) = (satellite.accounting, satellite.project)
        func exceeded(_ bytes: Int64, _ segments: Int64) -> LimitKind? {
            accounting.exceeded(project: project, limits: limits, addingBytes: bytes, addingSegments: segments)
        }
        #expect(exceeded(1000, 3) == nil)
        #expect(exceeded(1001, 1) == .storage)
        #expect(exceeded(1, 4) == .segments)
        #expect(exceeded(.max, 1) == .storage)
        accounting.addUsage(project: project, storageBytes: 999, segments: 2)
        #expect(exceeded(.max, 1) == .storage)
        #expect(exceeded(1, .max) == .segments)
        #expect(exceeded(1, 1) == nil)
        #expect(exceeded(2, 1) == .storage)
        accounting.addUsage(project: project, storageBytes: -500, segments: -1)
        #expect(exceeded(501, 2) == nil)
        #expect(!accounting.bandwidthExceeded(project: project, limit: 500))
        accounting.countAllocated(project: project, bucket: bucket, action: .put, bytes: 10_000)
        #expect(!accounting.bandwidthExceeded(project: project, limit: 500))
        accounting.countAllocated(project: project, bucket: bucket, action: .get, bytes: 400)
        accounting.countInline(project: project, bucket: bucket, action: .get, bytes: 99)
        #expect(!accounting.bandwidthExceeded(project: project, limit: 500))
        accounting.countInline(project: project, bucket: bucket, action: .get, bytes: 1)
        #expect(accounting.bandwidthExceeded(project: project, limit: 500))
    }

    @Test func `allocated bandwidth lapses when it cannot be settled any more, and everything with the month`()
        async throws
    {
        let satellite = try await SmallSatellite()
        let (accounting, project) = (satellite.accounting, satellite.project)
        accounting.countAllocated(project: project, bucket: bucket, action: .get, bytes: 400)
        accounting.countInline(project: project, bucket: bucket, action: .get, bytes: 7)
        satellite.clock.advance(by: .seconds(2 * 86400))
        #expect(accounting.usage(of: project).bandwidthBytes == 407)
        satellite.clock.advance(by: .seconds(86400))
        #expect(accounting.usage(of: project).bandwidthBytes == 7)
        satellite.clock.advance(by: .seconds(28 * 86400))
        #expect(accounting.usage(of: project).bandwidthBytes == 0)
    }

    @Test func `flushed bandwidth and stored objects are known after a restart`() async throws {
        let satellite = try await SmallSatellite()
        _ = try await satellite.metabase.createBucket(
            NewBucket(location: BucketLocation(project: satellite.project, name: "bucket")))
        try await satellite.store("a", .inline([UInt8](repeating: 0, count: 100)), encryptedSize: 100)
        for _ in 0..<3 {
            satellite.accounting.countAllocated(project: satellite.project, bucket: bucket, action: .get, bytes: 100)
            try await satellite.accounting.flush()
        }
        let again = try await SmallSatellite(database: satellite.database, clock: satellite.clock)
        let usage = again.accounting.usage(of: satellite.project)
        #expect(usage.bandwidthBytes == 300)
        #expect(usage.storageBytes == 100)
        #expect(usage.segments == 1)
    }

    @Test func `the first booking notes the time, the second books byte-hours, and days are rolled up once over`()
        async throws
    {
        let satellite = try await SmallSatellite()
        _ = try await satellite.metabase.createBucket(
            NewBucket(location: BucketLocation(project: satellite.project, name: "bucket")))
        let scheme = RedundancyScheme.development
        let pieces = (0..<8).map { number in
            SegmentPiece(
                number: number, node: number == 0 ? satellite.node.id : .random(using: satellite.random), hash: nil)
        }
        let content = SegmentContent.remote(
            RemoteSegment(
                rootPieceID: .random(using: satellite.random), redundancy: scheme, pieces: pieces, hashAlgorithm: 1))
        try await satellite.store("a", content, encryptedSize: 100_000)
        let size = Double(scheme.pieceSize(encryptedSize: 100_000))
        satellite.accounting.addUsage(project: satellite.project, storageBytes: 5, segments: 5)
        let stored = Dictionary(pieces.map { ($0.node, Int64(size)) }) { $0 + $1 }
        try await satellite.accounting.bookStorage(stored, at: satellite.clock.now)
        try await satellite.trigger("storage-tally")
        #expect(satellite.accounting.usage(of: satellite.project).storageBytes == 100_000)
        #expect(satellite.accounting.usage(of: satellite.project).segments == 1)
        satellite.clock.advance(by: .seconds(7200))
        // The second one comes too late for what was booked already, and books nothing.
        for _ in 0..<2 { try await satellite.accounting.bookStorage(stored, at: satellite.clock.now) }
        _ = try await satellite.settle([satellite.request(amount: 600)])
        for _ in 0..<2 {
            satellite.clock.advance(by: .seconds(86400))
            try await satellite.trigger("node-rollup")
        }
        let answer = try await satellite.connection(as: satellite.node).call(
            NodeStatsMethods.dailyStorageUsage, NodeStats_DailyStorageUsageRequest())
        #expect(answer.nodeID == Data(satellite.node.id.bytes))
        #expect(answer.dailyStorageUsage.map(\.atRestTotal) == [size * 2])
        #expect(
            answer.dailyStorageUsage.first?.timestamp == Wire_Timestamp(Timestamp(microseconds: 1_767_225_600_000_000)))
        let totals = try await satellite.database.read { session in
            try session.query(
                "SELECT get_total, put_total FROM accounting_rollups WHERE node_id = ?1",
                [
                    SQLValue(satellite.node.id)
                ]
            ) { [$0.integer(0), $0.integer(1)] }
        }
        #expect(totals == [[600, 0]])
    }

    @Test func `a node is told that nothing was paid, and the prices`() async throws {
        let satellite = try await SmallSatellite()
        let connection = try await satellite.connection(as: satellite.node)
        let stubs = try await connection.call(HeldAmountMethods.getAllPaystubs, HeldAmount_GetAllPaystubsRequest())
        #expect(stubs.paystubs.isEmpty)
        let payments = try await connection.call(HeldAmountMethods.getAllPayments, HeldAmount_GetAllPaymentsRequest())
        #expect(payments.payments.isEmpty)
        await #expect(throws: RPCStatusError(.outOfRange, "no paystub for this period")) {
            try await connection.call(HeldAmountMethods.getPayStub, HeldAmount_GetPayStubRequest())
        }
        let prices = try await connection.call(NodeStatsMethods.pricingModel, NodeStats_PricingModelRequest())
        #expect(prices.egressBandwidthPrice == 2000)
        #expect(prices.diskSpacePrice == 150)
    }

    @Test(
        arguments: [
            ("2026-01-01", 1_767_225_600), ("2026-01-31", 1_767_225_600), ("2024-02-29", 1_706_745_600),
            ("2000-03-01", 951_868_800), ("1970-01-15", 0), ("1969-12-31", -2_678_400), ("2100-12-31", 4_131_302_400),
        ] as [(String, Int64)])
    func `the month of a day starts on its first`(day: String, month: Int64) throws {
        let formatter = ISO8601DateFormatter()
        let date = try #require(formatter.date(from: day + "T13:14:15Z"))
        let moment = Timestamp(microseconds: Int64(date.timeIntervalSince1970) * 1_000_000)
        #expect(moment.startOfMonthSeconds == month)
    }
}
