import DRPC
import Identity
import Orders
import PieceStore
import StorageModel
import StorageNode
import Synchronization
import TestSupport
import Testing
import WireMessages

@Suite struct SettlementSenderTests {
    private let fixture = SatelliteFixture()
    private let received = Received()

    /// What the satellite was sent, a list for each stream.
    private final class Received: Sendable {
        let streams = Mutex<[[SettlementRequest]]>([])
    }

    private func serve(_ answer: @escaping @Sendable (Int) throws -> Orders_SettlementWithWindowResponse) {
        var router = RPCRouter()
        router.stream(OrdersMethods.settlementWithWindow) { [received] stream, _ in
            var requests: [SettlementRequest] = []
            while let request = try await stream.receive() { requests.append(request) }
            let all = requests
            let count = received.streams.withLock { streams in
                streams.append(all)
                return streams.count
            }
            try await stream.send(try answer(count))
        }
        fixture.network.register(router, id: fixture.satellite.id, address: fixture.satelliteURL.address)
    }

    private func response(_ status: Orders_SettlementWithWindowResponse.Status) -> Orders_SettlementWithWindowResponse {
        var response = Orders_SettlementWithWindowResponse()
        response.status = status
        return response
    }

    private func sender(_ orders: OrderStore) -> SettlementSender {
        SettlementSender(trust: fixture.trust, orders: orders, parts: fixture.parts, settings: fixture.settings)
    }

    private func addOrder(to store: OrderStore) async throws -> SettlementRequest {
        let key = PieceKey.generate(random: fixture.random)
        let limit = OrderLimit(
            serialNumber: .random(using: fixture.random), satelliteID: fixture.satellite.id,
            storageNodeID: fixture.node.id, pieceID: .random(using: fixture.random), limit: 1000, action: .put,
            orderExpiration: nil, orderCreation: fixture.clock.now, uplinkPublicKey: key.publicKey
        ).signed(by: fixture.satellite)
        let order = key.sign(Order(serialNumber: limit.serialNumber, amount: 5))
        try await store.add(limit: limit, order: order)
        return SettlementRequest(limit: limit, order: order)
    }

    private func archived() throws -> [String] {
        try fixture.disk.list("/node/orders/archive").map { String($0.split(separator: "-").last ?? "") }
    }

    @Test func `each past hour is handed in once, in its own stream`() async throws {
        serve { [response = response(.accepted)] _ in response }
        let orders = try fixture.openOrders()
        let first = [try await addOrder(to: orders), try await addOrder(to: orders)]
        fixture.clock.advance(by: .seconds(3600))
        let second = try await addOrder(to: orders)
        try await sender(orders).settleAll()
        #expect(received.streams.withLock { $0 }.isEmpty)
        fixture.clock.advance(by: .seconds(7201))
        try await sender(orders).settleAll()
        try await sender(orders).settleAll()
        #expect(received.streams.withLock { $0 } == [first, [second]])
        #expect(try archived() == ["ACCEPTED.v1", "ACCEPTED.v1"])
    }

    @Test func `a rejected hour is never sent again`() async throws {
        serve { [response = response(.rejected)] _ in response }
        let orders = try fixture.openOrders()
        _ = try await addOrder(to: orders)
        fixture.clock.advance(by: .seconds(86_400))
        try await sender(orders).settleAll()
        try await sender(orders).settleAll()
        #expect(received.streams.withLock { $0.count } == 1)
        #expect(try archived() == ["REJECTED.v1"])
    }

    @Test func `after an error the orders are kept and sent again`() async throws {
        serve { [accepted = response(.accepted), odd = response(.UNRECOGNIZED(7))] count in
            if count == 1 { throw RPCStatusError(.unavailable, "busy") }
            return count == 2 ? odd : accepted
        }
        let orders = try fixture.openOrders()
        let order = try await addOrder(to: orders)
        fixture.clock.advance(by: .seconds(86_400))
        try await sender(orders).settleAll()
        try await sender(orders).settleAll()
        #expect(try archived().isEmpty)
        try await sender(orders).settleAll()
        #expect(received.streams.withLock { $0 } == [[order], [order], [order]])
        #expect(try archived() == ["ACCEPTED.v1"])
    }

    @Test func `a satellite that cannot be reached costs nothing`() async throws {
        let orders = try fixture.openOrders()
        _ = try await addOrder(to: orders)
        fixture.clock.advance(by: .seconds(86_400))
        try await sender(orders).settleAll()
        #expect(try fixture.disk.list("/node/orders/unsent").count == 1)
    }
}
