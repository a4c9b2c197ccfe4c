import DRPC
import ErasureCode
import Identity
import Logging
import Orders
import PieceTransfer
import StorageModel
import TestSupport
import WireMessages

/// A satellite's offers, its nodes and an uploader, all in one process.
struct UploadFixture: Sendable {
    let scheme: RedundancyScheme
    let clock = TurnedClock()
    let satellite: NodeIdentity
    let nodes: [UploadNode]
    let answers = Counter()
    let network = InProcessNetwork()
    let book: NodeBook
    let memory: TransferMemory
    let key: PieceKey
    let serialNumber: SerialNumber
    let pieceIDs: [PieceID]
    var settings = TransferSettings()

    init(
        _ scheme: RedundancyScheme = .development, nodeCount: Int? = nil, memory: Int = 96 << 20, seed: UInt64 = 1
    ) {
        let random = RandomSource.seeded(seed)
        self.scheme = scheme
        satellite = NodeIdentity.generate(random: random)
        key = PieceKey.generate(random: random)
        serialNumber = .random(using: random)
        pieceIDs = (0..<1000).map { _ in .random(using: random) }
        book = NodeBook(clock: clock.transferClock)
        self.memory = TransferMemory(budget: memory)
        let (clock, answers) = (clock, answers)
        nodes = (0..<(nodeCount ?? scheme.totalShares)).map { index in
            UploadNode(
                identity: NodeIdentity.generate(random: random), address: "node\(index):1", clock: clock,
                answers: answers)
        }
        for node in nodes { network.register(node.router, identity: node.identity.peer, address: node.address) }
    }

    var uploader: PieceUploader {
        PieceUploader(
            dialer: network.dialer(as: nil), book: book, settings: settings, clock: clock.transferClock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// The limit for a piece on a node.
    func limit(_ number: Int, on node: UploadNode, size: Int64 = 1 << 30) -> AddressedLimit {
        let limit = OrderLimit(
            serialNumber: serialNumber, satelliteID: satellite.id, storageNodeID: node.identity.id,
            pieceID: pieceIDs[number], limit: size, action: .put,
            orderExpiration: clock.now.advanced(by: .seconds(86400)), orderCreation: clock.now,
            uplinkPublicKey: key.publicKey
        ).signed(by: satellite)
        return AddressedLimit(limit: limit, node: NodeURL(id: node.identity.id, address: node.address))
    }

    /// An offer of the first n nodes, with others in the place of some.
    func assignment(replacing: [Int: Int] = [:], size: Int64 = 1 << 30) -> SegmentAssignment {
        SegmentAssignment(
            scheme: scheme,
            limits: (0..<scheme.totalShares).map { limit($0, on: nodes[replacing[$0] ?? $0], size: size) },
            privateKey: key)
    }

    /// Random bytes that are the same every time.
    func content(count: Int, seed: UInt64 = 7) -> [UInt8] { RandomSource.seeded(seed).bytes(count: count) }

    /// A segment that holds `content` already.
    func segment(_ content: [UInt8]) async throws -> SegmentBuffer {
        let segment = try SegmentBuffer(
            scheme: scheme, blockSize: 7424, capacity: Int64(content.count), memory: memory)
        try await write(content, to: segment)
        return segment
    }

    /// Writes a segment's bytes in runs of odd sizes.
    func write(_ content: [UInt8], to segment: SegmentBuffer, run: Int = 50_000) async throws {
        for start in stride(from: 0, to: content.count, by: run) {
            let part = content[start..<min(start + run, content.count)]
            try await segment.write(count: part.count) { $0.copyBytes(from: part) }
        }
        segment.finish()
    }

    /// Uploads `content`; nodes are exchanged for the spare ones behind the first n.
    func upload(_ content: [UInt8]) async throws -> [UploadedPiece] {
        let spare = Counter()
        return try await uploader.upload(try await segment(content), assignment: assignment()) { numbers in
            var replacing: [Int: Int] = [:]
            for number in numbers {
                guard scheme.totalShares + spare.count < nodes.count else {
                    throw RPCStatusError(.failedPrecondition, "not enough nodes")
                }
                replacing[number] = scheme.totalShares + spare.count
                spare.increment()
            }
            return assignment(replacing: replacing)
        }
    }

    /// The pieces that an encoder makes of `content`.
    func expectedPieces(_ content: [UInt8]) -> [[UInt8]] {
        ErasureEncoder(scheme: scheme).encode(StripeLayout(scheme: scheme).pad(content))
    }

    /// Whether every piece of the result lies on its node, with the bytes that belong there.
    func areStored(_ pieces: [UploadedPiece], of content: [UInt8]) -> Bool {
        let expected = expectedPieces(content)
        return pieces.allSatisfy { piece in
            let node = nodes.first { $0.identity.id == piece.node }
            return node?.pieces[pieceIDs[piece.number]] == expected[piece.number]
                && piece.hash.pieceSize == expected[piece.number].count
        }
    }
}
