import Blake3
import Chores
import DRPC
import Database
import Foundation
import Heartbeats
import Identity
import Logging
import Market
import Metabase
import Orders
import Overlay
import StorageModel
import TestSupport
import Upkeep
import WireMessages

/// A satellite's rooms for heartbeats and the farmers it pays, without sockets.
final class Marketplace: Sendable {
    static let address = "satellite.example.test:7777"

    let clock = TestClock()
    let random: RandomSource
    let network = InProcessNetwork()
    let satellite: NodeIdentity
    let database: Database
    let metabase: Metabase
    let overlay: Overlay
    let folder: URL
    let project: ProjectID
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(folder: URL, seed: UInt64 = 1) async throws {
        self.folder = folder
        random = .seeded(seed)
        satellite = NodeIdentity.generate(random: random)
        database = try Database.open(.memory)
        metabase = Metabase(database: database, clock: clock.wallClock, random: random)
        try await metabase.load()
        var settings = OverlaySettings()
        settings.allowPrivateAddresses = true
        overlay = Overlay(
            database: database, settings: settings, dialer: network.dialer(as: satellite.peer),
            resolver: AddressResolver { _ in throw OverlayError.badAddress("no names here") },
            clock: clock.wallClock, sleeper: Self.silence, random: random, logger: logger)
        try await overlay.load()
        project = ProjectID.random(using: random)
        _ = try await metabase.createBucket(NewBucket(location: bucket))
        serve(nil)
    }

    private static let silence = Sleeper { _ in
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in stream {}
        continuation.finish()
        try Task.checkCancellation()
    }

    var bucket: BucketLocation { BucketLocation(project: project, name: "bucket") }
    var url: NodeURL { NodeURL(id: satellite.id, address: Self.address) }

    var parts: UpkeepParts {
        UpkeepParts(
            database: database, metabase: metabase, overlay: overlay,
            issuer: OrderLimitIssuer(
                identity: satellite, cipher: OrderMetadataCipher(keys: [[UInt8](repeating: 7, count: 32)])),
            identity: satellite, dialer: network.dialer(as: satellite.peer), clock: clock.wallClock,
            sleeper: Self.silence, random: random, logger: logger)
    }

    /// A market over the database and the folder as they are: after a crash, the next process.
    func market(
        _ change: (inout MarketSettings) -> Void = { _ in }, payment: PaymentParts? = nil,
        reached: @escaping @Sendable (HeartbeatStep) throws -> Void = { _ in },
        paymentReached: @escaping @Sendable (PaymentStep) throws -> Void = { _ in },
        payoutReached: @escaping @Sendable (PayoutStep) throws -> Void = { _ in }
    ) async throws -> Market {
        var settings = MarketSettings()
        settings.sampleCount = 40
        settings.period = .zero
        change(&settings)
        let market = Market(
            parts: parts, settings: settings, folder: folder.path + "/heartbeats", payment: payment, reached: reached,
            paymentReached: paymentReached, payoutReached: payoutReached)
        try await market.load()
        serve(market)
        return market
    }

    private func serve(_ market: Market?) {
        var router = RPCRouter()
        overlay.register(in: &router)
        market?.register(in: &router)
        network.register(router, identity: satellite.peer, address: Self.address)
    }

    /// Farmers that have checked in.
    func farmers(_ count: Int, features: UInt64 = NodeFeatures.heartbeats) async throws -> [Farmer] {
        var farmers: [Farmer] = []
        for _ in 0..<count {
            let known = overlay.nodes().count
            let farmer = Farmer(
                identity: NodeIdentity.generate(random: random), address: "127.0.0.1:\(4000 + known)", in: network)
            farmer.start()
            var request = Node_CheckInRequest()
            request.address = farmer.address
            request.version.version = "v3.0.1"
            request.capacity.freeDisk = 1 << 40
            request.features = features
            request.operator.wallet = "0x" + String(repeating: "ab", count: 20)
            let connection = try await network.dialer(as: farmer.identity.peer).connect(to: url)
            _ = try await connection.call(NodeMethods.checkIn, request)
            farmers.append(farmer)
        }
        return farmers
    }

    /// What an upload is like.
    struct Upload {
        var size: Int64 = 30_000
        var hashAlgorithm: PieceHashAlgorithm = .blake3
        var action: PieceAction = .put
        var expiresAt: Timestamp?
        /// The satellite notes another hash than the uploader signed.
        var isMisrecorded = false
        /// What the satellite takes the hashes for, when it is not what they are.
        var recordedAlgorithm: PieceHashAlgorithm?
    }

    /// Stores an object of one segment with a piece for each farmer; the pieces' ids, in their order.
    @discardableResult
    func store(_ key: String, on farmers: [Farmer], _ upload: Upload = Upload()) async throws -> [PieceID] {
        guard let scheme = RedundancyScheme(required: 1, repair: 1, optimal: farmers.count, total: farmers.count) else {
            return []
        }
        let root = PieceID.random(using: random)
        let size = Int(scheme.pieceSize(encryptedSize: upload.size))
        let key64 = PieceKey.generate(random: random)
        var pieces: [SegmentPiece] = []
        var ids: [PieceID] = []
        for (number, farmer) in farmers.enumerated() {
            let id = root.derive(node: farmer.identity.id, pieceNumber: Int32(number))
            let content = random.bytes(count: size)
            let hash = Blake3Hasher.hash(content)
            farmer.keep(id, try Farmer.Piece(content: content, attestation: attest(id, hash, size, key64, farmer, upload)))
            pieces.append(
                SegmentPiece(
                    number: number, node: farmer.identity.id,
                    hash: upload.isMisrecorded ? Blake3Hasher.hash([UInt8](content.reversed())) : hash))
            ids.append(id)
        }
        let segment = NewSegment(
            position: .zero,
            content: .remote(
                RemoteSegment(
                    rootPieceID: root, redundancy: scheme, pieces: pieces,
                    hashAlgorithm: (upload.recordedAlgorithm ?? upload.hashAlgorithm).rawValue)),
            plainSize: upload.size, encryptedSize: upload.size, encryptedKey: random.bytes(count: 48),
            encryptedKeyNonce: random.bytes(count: 24))
        _ = try await metabase.putObject(
            NewUpload(
                location: ObjectLocation(bucket: bucket, key: Array(key.utf8)), expiresAt: upload.expiresAt,
                encryption: ObjectEncryption(cipherSuite: 2, blockSize: 7424)),
            segments: [segment], ObjectCommit(mayOverwrite: true))
        return ids
    }

    private func attest(
        _ id: PieceID, _ hash: Bytes32, _ size: Int, _ key: PieceKey, _ farmer: Farmer, _ upload: Upload
    ) throws -> Attestation {
        let limit = OrderLimit(
            serialNumber: .random(using: random), satelliteID: satellite.id, storageNodeID: farmer.identity.id,
            pieceID: id, limit: Int64(size), action: upload.action, pieceExpiration: upload.expiresAt,
            orderExpiration: clock.now.advanced(by: .seconds(86_400)), orderCreation: clock.now,
            uplinkPublicKey: key.publicKey
        ).signed(by: satellite)
        let signed = key.sign(
            PieceHash(
                pieceID: id, hash: hash.bytes, pieceSize: Int64(size), timestamp: clock.now,
                hashAlgorithm: upload.hashAlgorithm))
        return Attestation(pieceHash: signed.encoded, orderLimit: limit.encoded)
    }

    // MARK: What strangers see

    func stranger(as peer: PeerIdentity? = nil) async throws -> any RPCConnection {
        try await network.dialer(as: peer).connect(to: url)
    }

    func report(_ period: UInt64) async throws -> HeartbeatReport {
        var request = Heartbeat_GetReportRequest()
        request.period = period
        return try HeartbeatReport(encoded: await file(HeartbeatReportMethods.getReport, request))
    }

    func evidence(_ node: NodeID, _ period: UInt64) async throws -> EvidenceBundle {
        var request = Heartbeat_GetEvidenceRequest()
        request.period = period
        request.nodeID = Data(node.bytes)
        return try EvidenceBundle(encoded: await file(HeartbeatReportMethods.getEvidence, request))
    }

    func file<Request: WireMessage>(
        _ method: RPCMethod<Request, Heartbeat_FilePart>, _ request: Request, as peer: PeerIdentity? = nil
    ) async throws -> [UInt8] {
        try await stranger(as: peer).withStream(method) { stream in
            try await stream.send(request)
            stream.closeSend()
            var bytes: [UInt8] = []
            while let part = try await stream.receive() { bytes += part.content }
            return bytes
        }
    }

    /// The verdicts of the newest period, after checking everything that a stranger checks.
    func checkedVerdicts(_ market: Market) async throws -> [NodeID: HeartbeatVerdict] {
        guard let period = try await market.status().period else { return [:] }
        let report = try await report(period.number)
        guard report.objections(satellite: satellite.id).isEmpty, report.root == period.reportRoot else {
            throw MarketTestError.objections(report.objections(satellite: satellite.id))
        }
        for line in report.results where !line.evidenceDigest.isZero {
            let finding = try await evidence(line.node, period.number).verify(
                line, in: report, satellite: satellite.peer)
            guard finding.objections.isEmpty else { throw MarketTestError.objections(finding.objections) }
        }
        return Dictionary(uniqueKeysWithValues: report.results.map { ($0.node, $0.verdict) })
    }
}

enum MarketTestError: Error {
    case objections([ReportObjection])
    case crash(HeartbeatStep)
}
