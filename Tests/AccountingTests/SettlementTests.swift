import Accounting
import DRPC
import Database
import Identity
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct SettlementTests {
    @Test func `the orders of an hour are summed by action, booked and charged to the bucket`() async throws {
        let satellite = try await SmallSatellite()
        satellite.accounting.countAllocated(
            project: satellite.project, bucket: Array("bucket".utf8), action: .get, bytes: 2000)
        #expect(satellite.accounting.usage(of: satellite.project).bandwidthBytes == 2000)
        let response = try await satellite.settle([
            satellite.request(amount: 600), satellite.request(amount: 1), satellite.request(.put, amount: 1000),
            satellite.request(.getAudit, amount: 256),
        ])
        #expect(response.status == .accepted)
        #expect(response.actionSettled == [2: 601, 1: 1000, 3: 256])
        // 2000 were allocated; of 2 × 1000 settled limits 1399 stay unused.
        #expect(satellite.accounting.usage(of: satellite.project).bandwidthBytes == 601)
        try await satellite.accounting.flush()
        let rows = try await satellite.accounting.bandwidth(of: satellite.project, since: satellite.clock.now)
        #expect(rows.map(\.action) == [.put, .get])
        #expect(rows.map(\.settled) == [1000, 601])
        #expect(rows.map(\.allocated) == [0, 2000])
    }

    @Test func `the same window again is accepted without counting, another one for the hour refused`() async throws {
        let satellite = try await SmallSatellite()
        let requests = [try satellite.request(amount: 600)]
        let first = try await satellite.settle(requests)
        let again = try await satellite.settle(requests)
        #expect(again == first)
        let rows = try await satellite.accounting.bandwidth(of: satellite.project, since: satellite.clock.now)
        #expect(rows.map(\.settled) == [600])
        let other = try await satellite.settle(requests + [satellite.request(amount: 1)])
        #expect(other.status == .rejected)
        #expect(other.actionSettled.isEmpty)
    }

    @Test func `a window without one valid order is refused`() async throws {
        let satellite = try await SmallSatellite()
        #expect(try await satellite.settle([]).status == .rejected)
        #expect(try await satellite.settle([SettlementRequest()]).status == .rejected)
        #expect(try await satellite.settle([satellite.request(amount: 1001)]).status == .rejected)
    }

    @Test
    func `invalid orders are skipped: other nodes', other satellites', expired, repeated, overdrawn, of other hours`()
        async throws
    {
        let satellite = try await SmallSatellite()
        let other = try await SmallSatellite(seed: 6, clock: satellite.clock)
        let stranger = NodeIdentity.generate(random: satellite.random)
        let good = try satellite.request(amount: 5)
        let expired = try satellite.request(amount: 20, lifetime: .seconds(1))
        var forged = try satellite.request(amount: 40)
        forged = SettlementRequest(
            limit: forged.limit,
            order: forged.order.map {
                Order(serialNumber: $0.serialNumber, amount: 41, uplinkSignature: $0.uplinkSignature)
            })
        satellite.clock.advance(by: .seconds(2))
        let requests = [
            good, good, try satellite.request(amount: 10, node: stranger.id), expired, forged,
            try satellite.request(amount: 1001), try other.request(amount: 80, node: satellite.node.id),
            SettlementRequest(limit: good.limit),
        ]
        satellite.clock.advance(by: .seconds(3600))
        let late = try satellite.request(amount: 160)
        let response = try await satellite.settle(requests + [late])
        #expect(response.status == .accepted)
        #expect(response.actionSettled == [2: 5])
    }

    @Test func `trouble of the satellite's own is an error that the node repeats after, not a refusal`() async throws {
        let satellite = try await SmallSatellite()
        let request = try satellite.request()
        try satellite.database.close()
        await #expect(throws: RPCStatusError(.unavailable, "settlement is not possible now")) {
            try await satellite.settle([request])
        }
    }

    @Test func `nobody settles without an identity`() async throws {
        let satellite = try await SmallSatellite()
        let connection = try await satellite.connection(as: nil)
        await #expect(throws: RPCStatusError(.unauthenticated, "no identity")) {
            try await connection.withStream(OrdersMethods.settlementWithWindow) { stream in
                stream.closeSend()
                _ = try await stream.receive()
            }
        }
    }
}
