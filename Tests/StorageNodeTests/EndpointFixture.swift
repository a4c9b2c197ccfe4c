import Blake3
import Chores
import Crypto
import DRPC
import Foundation
import Identity
import Logging
import NIOCore
import Orders
import PieceStore
import StorageModel
import StorageNode
import TestSupport
import WireMessages

/// A node's endpoints over a disk in memory, a satellite it trusts, and an uplink, all in one process.
struct EndpointFixture: Sendable {
    let disk: FaultyFileSystem
    let clock = TestClock()
    let random: RandomSource
    let satellite: NodeIdentity
    let stranger: NodeIdentity
    let node: NodeIdentity
    let store: PieceStore
    let orders: OrderStore
    let lastContact: LastContact
    let network = InProcessNetwork()
    let pieceKey: PieceKey
    /// Who is paid; nil for nobody.
    let farmer: Farmer?

    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let nodeAddress = "node:7777"
    private static let satelliteAddress = "satellite:7777"

    /// Runs a test with a node; `change` adjusts its settings, `farming` makes it one that is paid.
    static func run(
        seed: UInt64 = 1, farming: FarmingParts? = nil, _ change: (inout StorageNodeSettings) -> Void = { _ in },
        _ body: (EndpointFixture) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            var settings = StorageNodeSettings()
            change(&settings)
            try await body(EndpointFixture(seed: seed, folder: folder.path, settings: settings, farming: farming))
        }
    }

    private init(seed: UInt64, folder: String, settings: StorageNodeSettings, farming: FarmingParts?) async throws {
        random = .seeded(seed)
        disk = FaultyFileSystem(random: random)
        satellite = NodeIdentity.generate(random: random)
        stranger = NodeIdentity.generate(random: random)
        node = NodeIdentity.generate(random: random)
        pieceKey = PieceKey.generate(random: random)
        let pool = BlockingPool(threads: 2)
        store = try await PieceStore.open(
            folder: "/pieces", fileSystem: disk, pool: pool, clock: clock.wallClock, random: random,
            logger: Self.silent)
        orders = try OrderStore(folder: folder + "/orders", pool: pool, clock: clock.wallClock, logger: Self.silent)
        lastContact = LastContact()

        var satelliteRouter = RPCRouter()
        satelliteRouter.unary(NodeMethods.getTime) { _, _ in Node_GetTimeResponse() }
        network.register(satelliteRouter, identity: satellite.peer, address: Self.satelliteAddress)

        let trust = TrustList(
            satellites: [NodeURL(id: satellite.id, address: Self.satelliteAddress)],
            dialer: network.dialer(as: node.peer), logger: Self.silent)
        let space = SpaceMeter(store: store, allocated: settings.allocatedSpace)
        try await space.refresh()
        var router = RPCRouter()
        var parts = PieceEndpoint.Parts(
            identity: node, store: store, trust: trust, orders: orders, space: space, lastContact: lastContact,
            settings: settings, clock: clock.wallClock, logger: Self.silent, spaceChanged: { _ in })
        if let farming {
            parts.farmer = try await Farmer.open(
                .init(
                    identity: node, farming: farming, settings: settings.farming, trust: trust,
                    dialer: network.dialer(as: node.peer), clock: clock.wallClock, logger: Self.silent))
        }
        farmer = parts.farmer
        PieceEndpoint(parts: parts, serials: SerialNumberStore()).register(in: &router)
        ContactEndpoint(trust: trust, lastContact: lastContact, clock: clock.wallClock).register(in: &router)
        network.register(router, identity: node.peer, address: Self.nodeAddress)
    }

    /// A connection to the node, by default an uplink's without identity.
    func connect(as peer: PeerIdentity? = nil) async throws -> any RPCConnection {
        try await network.dialer(as: peer).connect(to: NodeURL(id: node.id, address: Self.nodeAddress))
    }

    // MARK: Making what uplinks and satellites make

    /// A limit as the satellite would sign it; `change` spoils it before it is signed.
    func limit(
        _ action: PieceAction, piece: PieceID, size: Int64 = 1 << 20, _ change: (inout LimitFields) -> Void = { _ in }
    ) -> OrderLimit {
        var fields = LimitFields(
            serialNumber: .random(using: random), satelliteID: satellite.id, storageNodeID: node.id, pieceID: piece,
            limit: size, action: action, orderCreation: clock.now,
            orderExpiration: clock.now.advanced(by: .seconds(86400)), uplinkPublicKey: pieceKey.publicKey,
            signer: satellite)
        change(&fields)
        return fields.signed
    }

    /// An order signed by the uplink.
    func order(_ limit: OrderLimit, amount: Int64) -> Order {
        pieceKey.sign(Order(serialNumber: limit.serialNumber, amount: amount))
    }

    /// The uplink's signed hash of a piece.
    func hash(_ limit: OrderLimit, _ content: [UInt8], _ algorithm: PieceHashAlgorithm = .blake3) -> PieceHash {
        pieceKey.sign(
            PieceHash(
                pieceID: limit.pieceID, hash: TestHash.of(content, algorithm), pieceSize: Int64(content.count),
                timestamp: limit.orderCreation, hashAlgorithm: algorithm))
    }

    // MARK: Speaking to the node

    /// Sends messages and waits for the answer.
    func upload(_ messages: [PieceUploadRequest]) async throws -> PieceUploadResponse? {
        try await connect().withStream(PiecestoreMethods.upload) { stream in
            for message in messages { try await stream.send(message) }
            stream.closeSend()
            return try await stream.receive()
        }
    }

    /// Uploads a piece the way the Go client does; returns its limit and the node's answer.
    @discardableResult
    func upload(
        _ content: [UInt8], piece: PieceID, algorithm: PieceHashAlgorithm = .blake3,
        _ change: (inout LimitFields) -> Void = { _ in }
    ) async throws -> (limit: OrderLimit, response: PieceUploadResponse?) {
        let limit = limit(.put, piece: piece, size: Int64(content.count), change)
        var messages = [PieceUploadRequest(limit: limit, hashAlgorithm: algorithm)]
        for start in stride(from: 0, to: content.count, by: 64 << 10) {
            let end = min(start + (64 << 10), content.count)
            messages.append(
                PieceUploadRequest(
                    order: order(limit, amount: Int64(end)),
                    chunk: .init(offset: Int64(start), data: ByteBuffer(bytes: content[start..<end]))))
        }
        messages.append(PieceUploadRequest(done: hash(limit, content, algorithm)))
        return (limit, try await upload(messages))
    }

    /// Downloads a range with one order for all of it.
    func download(
        piece: PieceID, offset: Int64 = 0, size: Int64, action: PieceAction = .get,
        _ change: (inout LimitFields) -> Void = { _ in }
    ) async throws -> Download {
        let limit = limit(action, piece: piece, change)
        return try await connect().withStream(PiecestoreMethods.download) { stream in
            try await stream.send(
                PieceDownloadRequest(limit: limit, chunk: .init(offset: offset, size: size), maximumChunkSize: 16 << 10))
            try await stream.send(PieceDownloadRequest(order: order(limit, amount: size)))
            var download = Download()
            while download.content.count < Int(size), let response = try await stream.receive() {
                download.add(response)
            }
            stream.closeSend()
            while let response = try await stream.receive() { download.add(response) }
            return download
        }
    }
}

/// What a download brought.
struct Download: Sendable {
    var content: [UInt8] = []
    var hash: PieceHash?
    var limit: OrderLimit?
    var isRestored = false
    var messageCount = 0
    var largestChunk = 0

    mutating func add(_ response: PieceDownloadResponse) {
        messageCount += 1
        hash = response.hash ?? hash
        limit = response.limit ?? limit
        isRestored = isRestored || response.restoredFromTrash
        if let chunk = response.chunk {
            largestChunk = max(largestChunk, chunk.data.readableBytes)
            content += chunk.data.readableBytesView
        }
    }
}

/// The parts of a limit that a test may spoil.
struct LimitFields {
    var serialNumber: SerialNumber
    var satelliteID: NodeID
    var storageNodeID: NodeID
    var pieceID: PieceID
    var limit: Int64
    var action: PieceAction
    var pieceExpiration: Timestamp?
    var orderCreation: Timestamp?
    var orderExpiration: Timestamp?
    var uplinkPublicKey: [UInt8]
    /// Nil leaves the limit unsigned.
    var signer: NodeIdentity?

    /// The limit, signed by whoever signs it.
    var signed: OrderLimit {
        let limit = OrderLimit(
            serialNumber: serialNumber, satelliteID: satelliteID, storageNodeID: storageNodeID, pieceID: pieceID,
            limit: limit, action: action, pieceExpiration: pieceExpiration, orderExpiration: orderExpiration,
            orderCreation: orderCreation, uplinkPublicKey: uplinkPublicKey)
        return signer.map(limit.signed) ?? limit
    }
}

/// The hashes an uplink computes.
enum TestHash {
    static func of(_ content: [UInt8], _ algorithm: PieceHashAlgorithm) -> [UInt8] {
        algorithm == .blake3 ? Blake3Hasher.hash(content).bytes : Array(SHA256.hash(data: content))
    }
}

/// The code of the status that `body` throws; nil when it throws nothing.
func status(of body: () async throws -> Void) async throws -> RPCStatusCode? {
    do {
        try await body()
        return nil
    } catch let error as RPCStatusError {
        return error.code
    }
}
