import Identity
import Orders
import StorageModel
import TestSupport
import WireMessages

/// A satellite, a node and an uplink's key, and a limit that joins them.
struct OrderFixture {
    let satellite: NodeIdentity
    let node: NodeIdentity
    let key: PieceKey
    let now: Timestamp
    let random: RandomSource
    let cipher: OrderMetadataCipher

    init(seed: UInt64 = 1) {
        random = .seeded(seed)
        satellite = .generate(random: random)
        node = .generate(random: random)
        key = .generate(random: random)
        now = TestClock().now
        cipher = OrderMetadataCipher(keys: [random.bytes(count: 32)])
    }

    var issuer: OrderLimitIssuer { OrderLimitIssuer(identity: satellite, cipher: cipher) }
    var rules: OrderLimitRules { OrderLimitRules(nodeID: node.id) }

    func terms(
        _ action: PieceAction = .put, limit: Int64 = 10_000, bucket: String = "photos",
        pieceExpiration: Timestamp? = nil
    ) -> OrderTerms {
        OrderTerms(
            action: action, limit: limit, rootPieceID: .random(using: random), uplinkPublicKey: key.publicKey,
            pieceExpiration: pieceExpiration,
            metadata: OrderMetadata(project: .random(using: random), bucket: Array(bucket.utf8)), now: now,
            random: random)
    }

    func limit(_ terms: OrderTerms? = nil) throws -> OrderLimit {
        try issuer.limit(terms ?? self.terms(), node: node.id, pieceNumber: 3)
    }

    /// A limit with one thing changed, signed again.
    func limit(
        storageNode: NodeID? = nil, satelliteID: NodeID? = nil, pieceID: PieceID? = nil, limit: Int64 = 10_000,
        action: PieceAction = .put, pieceExpiration: Timestamp? = nil, orderExpiration: Timestamp? = nil,
        orderCreation: Timestamp?, publicKey: [UInt8]? = nil
    ) -> OrderLimit {
        OrderLimit(
            serialNumber: .random(using: random), satelliteID: satelliteID ?? satellite.id,
            storageNodeID: storageNode ?? node.id, pieceID: pieceID ?? .random(using: random), limit: limit,
            action: action, pieceExpiration: pieceExpiration, orderExpiration: orderExpiration,
            orderCreation: orderCreation, uplinkPublicKey: publicKey ?? key.publicKey
        ).signed(by: satellite)
    }
}
