import Blake3
import Crypto
import DRPC
import Identity
import Logging
import NIOCore
import Orders
import PieceTransfer
import StorageModel
import Synchronization
import TestSupport
import WireMessages

/// A node with one piece and its proof, which answers as a test wants it to, and somebody who fetches from it.
final class PieceFetchFixture: Sendable {
    /// How the node answers.
    enum Script: Sendable {
        case honest
        case answering(RPCStatusCode)
        /// Sends so many bytes and nothing more.
        case stalling(after: Int)
        /// Sends so many bytes and ends the call.
        case ending(after: Int)
        /// Cancels the call.
        case cancelling
        /// Sends one byte more than was ordered.
        case overflowing
        case misplacing
        case chattering
        /// Says that the piece was in its trash.
        case trashed
        /// Sends another proof than the right one.
        case proving(hash: PieceHash?, limit: OrderLimit?)
        /// Changes the bytes.
        case rotten
    }

    typealias Stream = RPCServerStream<PieceDownloadRequest, PieceDownloadResponse>

    let clock = TurnedClock()
    let network = InProcessNetwork()
    let satellite: NodeIdentity
    let node: NodeIdentity
    let bytes: [UInt8]
    let uploadKey: PieceKey
    let key: PieceKey
    let pieceID: PieceID
    let random: RandomSource
    let isCalled = Counter()
    private let script = Mutex(Script.honest)

    init(size: Int = 700_000, seed: UInt64 = 1) {
        random = RandomSource.seeded(seed)
        satellite = NodeIdentity.generate(random: random)
        node = NodeIdentity.generate(random: random)
        bytes = random.bytes(count: size)
        uploadKey = PieceKey.generate(random: random)
        key = PieceKey.generate(random: random)
        pieceID = PieceID.random(using: random)
        var router = RPCRouter()
        router.stream(PiecestoreMethods.download) { stream, _ in try await self.serve(stream) }
        network.register(router, identity: node.peer, address: "node:1")
    }

    /// The limit under which the piece was stored.
    func originalLimit(
        action: PieceAction = .put, piece: PieceID? = nil, signer: NodeIdentity? = nil
    ) -> OrderLimit {
        OrderLimit(
            serialNumber: .random(using: random), satelliteID: (signer ?? satellite).id, storageNodeID: node.id,
            pieceID: piece ?? pieceID, limit: Int64(bytes.count), action: action, orderExpiration: clock.now,
            orderCreation: clock.now, uplinkPublicKey: uploadKey.publicKey
        ).signed(by: signer ?? satellite)
    }

    /// What the uploader signed.
    func originalHash(
        algorithm: PieceHashAlgorithm = .blake3, piece: PieceID? = nil, size: Int64? = nil, signer: PieceKey? = nil
    ) -> PieceHash {
        let digest = algorithm == .blake3 ? Blake3Hasher.hash(bytes).bytes : Array(SHA256.hash(data: bytes))
        return (signer ?? uploadKey).sign(
            PieceHash(
                pieceID: piece ?? pieceID, hash: digest, pieceSize: size ?? Int64(bytes.count), timestamp: clock.now,
                hashAlgorithm: algorithm))
    }

    func limit(_ action: PieceAction, address: String = "node:1") -> AddressedLimit {
        let limit = OrderLimit(
            serialNumber: .random(using: random), satelliteID: satellite.id, storageNodeID: node.id, pieceID: pieceID,
            limit: Int64(bytes.count), action: action, orderExpiration: clock.now.advanced(by: .seconds(86400)),
            orderCreation: clock.now, uplinkPublicKey: key.publicKey
        ).signed(by: satellite)
        return AddressedLimit(limit: limit, node: NodeURL(id: node.id, address: address))
    }

    func fetcher(_ settings: PieceFetchSettings = PieceFetchSettings(), dialer: (any RPCDialer)? = nil) -> PieceFetch {
        PieceFetch(
            dialer: dialer ?? network.dialer(as: satellite.peer), settings: settings, clock: clock.transferClock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func piece(_ script: Script) async throws -> PieceFetchOutcome {
        self.script.withLock { $0 = script }
        return try await fetcher().piece(
            limit(.getRepair), key: key, size: Int64(bytes.count), satellite: satellite.peer)
    }

    func share(_ script: Script, offset: Int64 = 1024, size: Int = 256) async throws -> PieceFetchOutcome {
        self.script.withLock { $0 = script }
        return try await fetcher().share(limit(.getAudit), key: key, offset: offset, size: size)
    }

    // MARK: The node

    private func serve(_ stream: Stream) async throws {
        isCalled.increment()
        guard let first = try await stream.receive(), let limit = first.limit, let range = first.chunk else {
            throw RPCStatusError(.invalidArgument, "no limit")
        }
        let script = script.withLock { $0 }
        if case .answering(let code) = script { throw RPCStatusError(code, "as asked for") }
        if case .cancelling = script { throw CancellationError() }
        if limit.action == .getRepair { try await prove(script, stream) }
        if case .trashed = script { try await stream.send(PieceDownloadResponse(restoredFromTrash: true)) }
        var credit = OrderCredit(limit: limit)
        if let order = first.order { try credit.accept(order) }
        var sent = 0
        while sent < Int(range.size) {
            switch script {
            case .stalling(let count) where sent >= count:
                while try await stream.receive() != nil {}
                return
            case .ending(let count) where sent >= count: return
            case .chattering:
                try await stream.send(PieceDownloadResponse())
                continue
            default: break
            }
            while credit.amount <= Int64(sent) {
                guard let message = try await stream.receive(), let order = message.order else { return }
                try credit.accept(order)
            }
            let chunk = chunk(range, sent: sent, credit: Int(credit.amount), script)
            try await stream.send(PieceDownloadResponse(chunk: chunk))
            sent += chunk.data.readableBytes
        }
        while try await stream.receive() != nil {}
    }

    private func prove(_ script: Script, _ stream: Stream) async throws {
        if case .proving(let hash, let limit) = script {
            try await stream.send(PieceDownloadResponse(hash: hash, limit: limit))
        } else {
            try await stream.send(PieceDownloadResponse(hash: originalHash(), limit: originalLimit()))
        }
    }

    private func chunk(
        _ range: PieceDownloadRequest.Chunk, sent: Int, credit: Int, _ script: Script
    ) -> PieceDownloadResponse.Chunk {
        let start = Int(range.offset) + sent
        var count = min(credit, Int(range.size)) - sent
        var place = Int64(start)
        if case .overflowing = script { count = min(credit, bytes.count - start - 1) - sent + 1 }
        if case .misplacing = script { place += 1 }
        var data = ByteBuffer(bytes: bytes[start..<start + count])
        if case .rotten = script { data.setInteger(bytes[start] ^ 1, at: 0) }
        return PieceDownloadResponse.Chunk(offset: place, data: data)
    }
}
