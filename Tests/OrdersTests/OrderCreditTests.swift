import Identity
import Orders
import StorageModel
import TestSupport
import Testing
import WireMessages

@Suite struct OrderCreditTests {
    private let fixture = OrderFixture()

    private func order(_ limit: OrderLimit, _ amount: Int64) -> Order {
        fixture.key.sign(Order(serialNumber: limit.serialNumber, amount: amount))
    }

    private func code(_ credit: inout OrderCredit, _ order: Order) -> RPCStatusCode? {
        do {
            try credit.accept(order)
            return nil
        } catch { return error.code }
    }

    @Test func `orders grow or repeat up to the limit`() throws {
        let limit = try fixture.limit()
        var credit = OrderCredit(limit: limit)
        #expect(credit.amount == 0 && credit.largest == nil)
        for amount in [0, 256, 256, 10_000] as [Int64] {
            #expect(code(&credit, order(limit, amount)) == nil)
            #expect(credit.amount == amount)
        }
        #expect(code(&credit, order(limit, 9999)) == .invalidArgument)
        #expect(code(&credit, order(limit, 10_001)) == .invalidArgument)
        #expect(code(&credit, order(limit, .max)) == .invalidArgument)
        #expect(code(&credit, order(limit, -1)) == .invalidArgument)
        #expect(credit.largest == order(limit, 10_000))
    }

    @Test func `an order of another limit, key or form is refused`() throws {
        let limit = try fixture.limit()
        var credit = OrderCredit(limit: limit)
        #expect(code(&credit, order(try fixture.limit(), 5)) == .invalidArgument)
        #expect(code(&credit, Order(serialNumber: limit.serialNumber, amount: 5)) == .unauthenticated)
        let stranger = PieceKey.generate(random: fixture.random)
        let forged = stranger.sign(Order(serialNumber: limit.serialNumber, amount: 5))
        #expect(code(&credit, forged) == .unauthenticated)
        let extended = try Order.parse(order(limit, 5).encoded + [0x20, 0x01])
        #expect(code(&credit, extended) == .unauthenticated)
        #expect(credit.largest == nil)
    }

    @Test func `the uplink's hash must tell what the node received`() throws {
        let limit = try fixture.limit()
        let digest = fixture.random.bytes(count: 32)
        func hash(
            _ id: PieceID? = nil, _ bytes: [UInt8]? = nil, size: Int64 = 5, _ algorithm: PieceHashAlgorithm = .blake3
        )
            -> PieceHash
        {
            fixture.key.sign(
                PieceHash(
                    pieceID: id ?? limit.pieceID, hash: bytes ?? digest, pieceSize: size,
                    timestamp: limit.orderCreation, hashAlgorithm: algorithm))
        }
        func code(_ hash: PieceHash) -> RPCStatusCode? {
            do {
                try hash.verifyUpload(limit: limit, hash: digest, size: 5, algorithm: .blake3)
                return nil
            } catch { return error.code }
        }
        #expect(code(hash()) == nil)
        #expect(code(hash(size: 6)) == .invalidArgument)
        #expect(code(hash(.random(using: fixture.random))) == .internal)
        #expect(code(hash(nil, [])) == .internal)
        #expect(code(hash(nil, nil, .sha256)) == .internal)
        #expect(code(hash().signed([])) == .internal)
        #expect(code(try PieceHash.parse(hash().encoded + [0x38, 0x01])) == .internal)
        #expect(code(hash().signed(by: fixture.node)) == .internal)
    }

    @Test func `the node's hash is signed with its identity`() throws {
        let hash = PieceHash(
            pieceID: .random(using: fixture.random), hash: fixture.random.bytes(count: 32), pieceSize: 256,
            timestamp: fixture.now, hashAlgorithm: .blake3
        ).signed(by: fixture.node)
        #expect(hash.isSigned(by: fixture.node.peer))
        #expect(!hash.isSigned(by: fixture.satellite.peer))
        #expect(try !PieceHash.parse(hash.encoded + [0x38, 0x01]).isSigned(by: fixture.node.peer))
    }
}
