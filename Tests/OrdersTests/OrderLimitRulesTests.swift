import Identity
import Orders
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct OrderLimitRulesTests {
    private let fixture = OrderFixture()

    private func code(of limit: OrderLimit, _ transfer: Transfer = .upload) -> RPCStatusCode? {
        do {
            try fixture.rules.check(limit, for: transfer, at: fixture.now)
            return nil
        } catch { return error.code }
    }

    private func ago(_ duration: Duration) -> Timestamp { fixture.now.advanced(by: .zero - duration) }

    @Test func `a limit from the satellite passes`() throws {
        let limit = try fixture.limit()
        #expect(code(of: limit) == nil)
        try fixture.rules.checkSignature(limit, by: fixture.satellite.peer)
        #expect(code(of: try fixture.limit(fixture.terms(.get)), .download) == nil)
    }

    @Test func `each direction allows its own actions`() {
        for raw in Int32(-1)...9 {
            let action = PieceAction(rawValue: raw)
            let limit = fixture.limit(action: action, orderCreation: fixture.now)
            #expect((code(of: limit, .upload) == nil) == [.put, .putRepair].contains(action))
            #expect((code(of: limit, .download) == nil) == [.get, .getAudit, .getRepair].contains(action))
        }
    }

    @Test func `a limit with a missing part or wrong number is refused`() throws {
        let now = fixture.now
        #expect(code(of: fixture.limit(limit: -1, orderCreation: now)) == .invalidArgument)
        #expect(code(of: fixture.limit(storageNode: fixture.satellite.id, orderCreation: now)) == .invalidArgument)
        #expect(code(of: fixture.limit(satelliteID: NodeID(), orderCreation: now)) == .invalidArgument)
        #expect(code(of: fixture.limit(pieceID: PieceID(), orderCreation: now)) == .invalidArgument)
        #expect(code(of: fixture.limit(orderCreation: now, publicKey: [])) == .invalidArgument)
        let zeros = [UInt8](repeating: 0, count: 32)
        #expect(code(of: fixture.limit(orderCreation: now, publicKey: zeros)) == .invalidArgument)
        #expect(code(of: try fixture.limit().signed([])) == .invalidArgument)
        #expect(code(of: fixture.limit(limit: 0, orderCreation: now)) == nil)
    }

    @Test func `expirations have a grace of 48 hours`() {
        let (fresh, stale) = (ago(.seconds(48 * 3600)), ago(.seconds(48 * 3600) + .nanoseconds(1)))
        #expect(
            code(of: fixture.limit(pieceExpiration: fresh, orderExpiration: fresh, orderCreation: fixture.now)) == nil)
        #expect(code(of: fixture.limit(pieceExpiration: stale, orderCreation: fixture.now)) == .invalidArgument)
        #expect(code(of: fixture.limit(orderExpiration: stale, orderCreation: fixture.now)) == .invalidArgument)
    }

    @Test func `creation is within an hour of the node's clock`() {
        #expect(code(of: fixture.limit(orderCreation: ago(.seconds(3600)))) == nil)
        #expect(code(of: fixture.limit(orderCreation: ago(.seconds(3601)))) == .invalidArgument)
        #expect(code(of: fixture.limit(orderCreation: ago(.seconds(-3600)))) == nil)
        #expect(code(of: fixture.limit(orderCreation: ago(.seconds(-3601)))) == .invalidArgument)
        #expect(code(of: fixture.limit(orderCreation: nil)) == .invalidArgument)
    }

    @Test func `extreme times are refused, not overflowed`() throws {
        let end = Timestamp(microseconds: .max)
        #expect(code(of: fixture.limit(pieceExpiration: end, orderExpiration: end, orderCreation: fixture.now)) == nil)
        #expect(code(of: fixture.limit(orderCreation: end)) == .invalidArgument)
        let early = try #require(Timestamp(seconds: Timestamp.unsetSeconds + 1, nanoseconds: 0))
        #expect(code(of: fixture.limit(orderCreation: early)) == .invalidArgument)
    }

    @Test func `a limit signed by anybody else is refused`() throws {
        let limit = try fixture.limit()
        let forged = limit.signed(by: fixture.node)
        #expect(throws: RPCStatusError.self) { try fixture.rules.checkSignature(forged, by: fixture.satellite.peer) }
        let error = #expect(throws: RPCStatusError.self) {
            try fixture.rules.checkSignature(forged, by: fixture.node.peer)
        }
        #expect(error?.code == .unauthenticated)
    }

    @Test func `a changed limit is no longer signed`() throws {
        let limit = try fixture.limit()
        for index in limit.encoded.indices {
            var bytes = limit.encoded
            bytes[index] ^= 0x04
            guard let changed = try? OrderLimit.parse(bytes), changed.signingBytes != limit.signingBytes else {
                continue
            }
            #expect(!changed.isSigned(by: fixture.satellite.peer))
        }
        // An additional field is covered by the signature too.
        let extended = try OrderLimit.parse(limit.encoded + [0xa2, 0x06, 0x01, 0x07])
        #expect(!extended.isSigned(by: fixture.satellite.peer))
        #expect(extended.signed(by: fixture.satellite).isSigned(by: fixture.satellite.peer))
    }
}
