import Blake3
import DRPC
import Identity
import NIOCore
import Orders
import StorageModel
import Synchronization
import WireMessages

/// How a node behaves towards uploads.
enum Behaviour: Sendable {
    case honest
    /// Answers the first message with an error.
    case refusing
    /// Breaks off after some bytes.
    case dying(after: Int)
    /// Takes the first message and then nothing, says nothing.
    case stalling
    /// Takes everything and says nothing.
    case silent
    /// Answers before the end.
    case early
    /// Answers, and goes on talking.
    case talkative
    /// Answers something else than an honest node.
    case lying(@Sendable (PieceHash, NodeIdentity) -> PieceUploadResponse)
}

/// A node of a test: takes pieces as strictly as a real one, or misbehaves.
final class UploadNode: Sendable {
    private struct State {
        var behaviour = Behaviour.honest
        var pieces: [PieceID: [UInt8]] = [:]
        var callCount = 0
        var messageCount = 0
    }

    let identity: NodeIdentity
    let address: String
    private let clock: TurnedClock
    private let answers: Counter
    private let state = Mutex(State())

    init(identity: NodeIdentity, address: String, clock: TurnedClock, answers: Counter) {
        self.identity = identity
        self.address = address
        self.clock = clock
        self.answers = answers
    }

    var behaviour: Behaviour {
        get { state.withLock { $0.behaviour } }
        set { state.withLock { $0.behaviour = newValue } }
    }

    /// The pieces that were stored.
    var pieces: [PieceID: [UInt8]] { state.withLock { $0.pieces } }

    /// Uploads that were begun.
    var callCount: Int { state.withLock { $0.callCount } }

    /// Messages that came in all uploads.
    var messageCount: Int { state.withLock { $0.messageCount } }

    var router: RPCRouter {
        var router = RPCRouter()
        router.stream(PiecestoreMethods.upload) { [self] stream, _ in try await upload(stream) }
        return router
    }

    private func upload(_ stream: RPCServerStream<PieceUploadRequest, PieceUploadResponse>) async throws {
        state.withLock { $0.callCount += 1 }
        var limit: OrderLimit?
        var content: [UInt8] = []
        var credit: Int64 = 0
        while let message = try await stream.receive() {
            state.withLock { $0.messageCount += 1 }
            if let first = message.limit {
                guard limit == nil, message.hashAlgorithm == .blake3 else { throw broken("limit") }
                limit = first
            }
            guard let limit, limit.storageNodeID == identity.id else { throw broken("no limit") }
            if try await misbehaved(content.count, limit, stream) { return }
            if let order = message.order {
                guard order.isSigned(byPieceKey: limit.uplinkPublicKey), order.serialNumber == limit.serialNumber,
                    order.amount > credit, order.amount <= limit.limit
                else { throw broken("order") }
                credit = order.amount
            }
            if let chunk = message.chunk {
                guard chunk.offset == content.count else { throw broken("offset") }
                content += chunk.data.readableBytesView
                guard content.count <= credit else { throw broken("credit") }
            }
            if let done = message.done { return try await finish(done, limit, content, stream) }
        }
    }

    private func misbehaved(
        _ count: Int, _ limit: OrderLimit, _ stream: RPCServerStream<PieceUploadRequest, PieceUploadResponse>
    ) async throws -> Bool {
        switch behaviour {
        case .refusing: throw RPCStatusError(.aborted, "no space left")
        case .dying(let bytes) where count >= bytes: throw RPCStatusError(.internal, "disk on fire")
        case .stalling:
            for await _ in AsyncStream<Never>.makeStream().stream {}
            throw CancellationError()
        case .early:
            let hash = PieceHash(
                pieceID: limit.pieceID, hash: [UInt8](repeating: 0, count: 32), pieceSize: 0, timestamp: clock.now,
                hashAlgorithm: .blake3)
            try await stream.send(answer(hash))
            return true
        default: return false
        }
    }

    private func finish(
        _ done: PieceHash, _ limit: OrderLimit, _ content: [UInt8],
        _ stream: RPCServerStream<PieceUploadRequest, PieceUploadResponse>
    ) async throws {
        guard done.isSigned(byPieceKey: limit.uplinkPublicKey), done.pieceID == limit.pieceID,
            done.pieceSize == content.count, done.timestamp == limit.orderCreation,
            done.hash == Blake3Hasher.hash(content).bytes
        else { throw broken("hash") }
        let hash = PieceHash(
            pieceID: done.pieceID, hash: done.hash, pieceSize: done.pieceSize, timestamp: clock.now,
            hashAlgorithm: done.hashAlgorithm)
        switch behaviour {
        case .silent:
            for await _ in AsyncStream<Never>.makeStream().stream {}
            throw CancellationError()
        case .lying(let lie):
            try await stream.send(lie(hash, identity))
        case .talkative:
            for _ in 0..<5 { try await stream.send(answer(hash)) }
        default:
            state.withLock { $0.pieces[limit.pieceID] = content }
            try await stream.send(answer(hash))
        }
        answers.increment()
    }

    private func answer(_ hash: PieceHash) -> PieceUploadResponse {
        PieceUploadResponse(done: hash.signed(by: identity), nodeCertificateChain: identity.chain.concatenated)
    }

    private func broken(_ rule: String) -> RPCStatusError {
        RPCStatusError(.invalidArgument, "the client broke the rule of \(rule)")
    }
}

/// Counts, and lets tasks wait for a number.
final class Counter: Sendable {
    private struct State {
        var count = 0
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.count } }

    func increment() {
        let reached = state.withLock { state in
            state.count += 1
            let reached = state.waiters.filter { $0.count <= state.count }
            state.waiters.removeAll { $0.count <= state.count }
            return reached
        }
        for waiter in reached { waiter.continuation.resume() }
    }

    /// Waits until the count is at least `count`.
    func reaches(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }
}
