import Identity
import Orders
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct OrderLimitIssuerTests {
    private let fixture = OrderFixture(seed: 2)

    @Test func `all limits of a request share serial number and key, each node has its own piece`() throws {
        let terms = fixture.terms()
        let first = try fixture.issuer.limit(terms, node: fixture.node.id, pieceNumber: 0)
        let second = try fixture.issuer.limit(terms, node: fixture.satellite.id, pieceNumber: 1)
        #expect(first.serialNumber == second.serialNumber && first.uplinkPublicKey == second.uplinkPublicKey)
        #expect(first.pieceID == terms.rootPieceID.derive(node: fixture.node.id, pieceNumber: 0))
        #expect(first.pieceID != second.pieceID)
        #expect(first.orderExpiration == fixture.now.advanced(by: .seconds(86_400)))
        #expect(first.encryptedMetadata == second.encryptedMetadata)
    }

    @Test func `a serial number begins with the seconds of its expiration`() {
        let terms = fixture.terms()
        let seconds = terms.serialNumber.bytes.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
        #expect(seconds == terms.orderExpiration.seconds)
        #expect(terms.serialNumber != fixture.terms().serialNumber)
    }

    @Test func `the largest limit fits the piece header of a node`() throws {
        let terms = fixture.terms(
            limit: 2_319_360, bucket: String(repeating: "b", count: 63),
            pieceExpiration: Timestamp(microseconds: .max))
        #expect(try fixture.limit(terms).encoded.count <= 391)
    }

    @Test func `a limit too long for a node is not made`() {
        let terms = fixture.terms(bucket: String(repeating: "b", count: 120))
        #expect(throws: OrdersError.self) { try fixture.limit(terms) }
    }

    @Test func `only the satellite reads the note in its limits`() throws {
        let terms = fixture.terms()
        let limit = try fixture.limit(terms)
        #expect(fixture.cipher.open(limit) == terms.metadata)
        let stranger = OrderMetadataCipher(keys: [fixture.random.bytes(count: 32)])
        #expect(stranger.open(limit) == nil)
        #expect(!String(decoding: limit.encoded, as: UTF8.self).contains("photos"))
        var own = terms
        own.metadata = nil
        #expect(fixture.cipher.open(try fixture.limit(own)) == nil)
    }

    @Test func `a retired secret still opens its notes`() throws {
        let (old, new) = (fixture.random.bytes(count: 32), fixture.random.bytes(count: 32))
        let terms = fixture.terms()
        let limit = try OrderLimitIssuer(identity: fixture.satellite, cipher: OrderMetadataCipher(keys: [old]))
            .limit(terms, node: fixture.node.id, pieceNumber: 9)
        #expect(OrderMetadataCipher(keys: [new, old]).open(limit) == terms.metadata)
    }

    @Test func `the satellite pays for orders over its own limits`() throws {
        let rules = SettlementRules(satellite: fixture.satellite.peer)
        let limit = try fixture.limit()
        let order = fixture.key.sign(Order(serialNumber: limit.serialNumber, amount: 500))
        let request = SettlementRequest(limit: limit, order: order)
        #expect(rules.accepts(request, from: fixture.node.id, at: fixture.now))
        #expect(!rules.accepts(request, from: fixture.satellite.id, at: fixture.now))
        #expect(!rules.accepts(request, from: fixture.node.id, at: fixture.now.advanced(by: .seconds(86_401))))
        #expect(!rules.accepts(SettlementRequest(limit: limit), from: fixture.node.id, at: fixture.now))
        let forged = SettlementRequest(limit: limit.signed(by: fixture.node), order: order)
        #expect(!rules.accepts(forged, from: fixture.node.id, at: fixture.now))
        for amount in [-1, 10_001] as [Int64] {
            let wrong = fixture.key.sign(Order(serialNumber: limit.serialNumber, amount: amount))
            let request = SettlementRequest(limit: limit, order: wrong)
            #expect(!rules.accepts(request, from: fixture.node.id, at: fixture.now))
        }
        let negative = SettlementRequest(
            limit: fixture.limit(limit: -5, orderExpiration: fixture.now, orderCreation: fixture.now), order: order)
        #expect(!rules.accepts(negative, from: fixture.node.id, at: fixture.now))
    }
}
