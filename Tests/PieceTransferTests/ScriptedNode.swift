import DRPC
import NIOCore
import Orders
import StorageModel
import Synchronization
import WireMessages

/// A node that serves one piece, well or badly, and counts what it does.
final class ScriptedNode: Sendable {
    /// How it answers a download.
    enum Script: Sendable {
        case honest
        /// Refuses every call.
        case refusing
        /// Sends so many bytes and then nothing more.
        case stalling(after: Int64)
        /// Sends so many bytes and ends the call.
        case dying(after: Int64)
        /// Sends from this offset on other bytes than it should.
        case lying(from: Int64)
        /// Sends from this offset on, every so many bytes, one wrong byte.
        case sprinkling(every: Int64)
        /// Says that its bytes belong one further on.
        case misplacing
        /// Sends more than was ordered.
        case overflowing
        /// Sends messages without data.
        case chattering
        /// Announces that the piece was in the trash, then is honest in messages of this many bytes.
        case crumbling(Int)
    }

    private struct State {
        var script = Script.honest
        var callCount = 0
        var sentCount: Int64 = 0
        var liveCount = 0
        var closedCount = 0
        var largestOrder: Int64 = 0
        var requests: [PieceDownloadRequest] = []
        var waiters: [(isDone: @Sendable (borrowing State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    let id: NodeID
    let number: Int
    let address: String
    private let piece: [UInt8]
    private let state = Mutex(State())
    private let stalled = Mutex(false)

    init(number: Int, id: NodeID, piece: [UInt8]) {
        self.number = number
        self.id = id
        self.piece = piece
        address = "node\(number):7777"
    }

    var script: Script {
        get { state.withLock { $0.script } }
        set { state.withLock { $0.script = newValue } }
    }
    /// Calls received.
    var callCount: Int { state.withLock { $0.callCount } }
    /// Bytes sent, of all calls.
    var sentCount: Int64 { state.withLock { $0.sentCount } }
    /// Calls still open.
    var liveCount: Int { state.withLock { $0.liveCount } }
    /// The first messages of all calls.
    var requests: [PieceDownloadRequest] { state.withLock { $0.requests } }
    /// The largest amount ordered.
    var largestOrder: Int64 { state.withLock { $0.largestOrder } }

    /// Waits until the caller has closed a call, having received everything.
    func isClosed() async { await wait { $0.closedCount > 0 } }

    /// Waits until it has sent so many bytes.
    func hasSent(_ count: Int64) async { await wait { $0.sentCount >= count } }

    /// Waits until it was called.
    func isCalled() async { await wait { $0.callCount > 0 } }

    private func wait(until isDone: @escaping @Sendable (borrowing State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isNow = state.withLock { state in
                if isDone(state) { return true }
                state.waiters.append((isDone, continuation))
                return false
            }
            if isNow { continuation.resume() }
        }
    }

    private func note(_ change: (inout State) -> Void) {
        let ready = state.withLock { state in
            change(&state)
            let waiters = state.waiters
            state.waiters = []
            var ready: [CheckedContinuation<Void, Never>] = []
            for waiter in waiters {
                if waiter.isDone(state) { ready.append(waiter.continuation) } else { state.waiters.append(waiter) }
            }
            return ready
        }
        for continuation in ready { continuation.resume() }
    }

    // MARK: Serving

    var router: RPCRouter {
        var router = RPCRouter()
        router.stream(PiecestoreMethods.download) { stream, _ in try await self.serve(stream) }
        return router
    }

    private func serve(_ stream: RPCServerStream<PieceDownloadRequest, PieceDownloadResponse>) async throws {
        note {
            $0.callCount += 1
            $0.liveCount += 1
        }
        defer { note { $0.liveCount -= 1 } }
        guard let first = try await stream.receive(), let limit = first.limit, let range = first.chunk else {
            throw RPCStatusError(.invalidArgument, "no limit")
        }
        note { $0.requests.append(first) }
        if case .refusing = script { throw RPCStatusError(.unavailable, "go away") }
        guard limit.storageNodeID == id, range.size <= limit.limit, range.offset + range.size <= Int64(piece.count)
        else { throw RPCStatusError(.invalidArgument, "wrong limit") }
        try await send(range, first: first, limit: limit, to: stream)
        while try await stream.receive() != nil {}
        note { $0.closedCount += 1 }
    }

    private func send(
        _ range: PieceDownloadRequest.Chunk, first: PieceDownloadRequest, limit: OrderLimit,
        to stream: RPCServerStream<PieceDownloadRequest, PieceDownloadResponse>
    ) async throws {
        var credit = OrderCredit(limit: limit)
        if let order = first.order { try accept(order, &credit) }
        if case .crumbling = script { try await stream.send(PieceDownloadResponse(restoredFromTrash: true)) }
        var sent: Int64 = 0
        while sent < range.size {
            if case .chattering = script {
                try await stream.send(PieceDownloadResponse())
                continue
            }
            if case .stalling(let count) = script, sent >= count {
                while try await stream.receive() != nil {}
                return
            }
            if case .dying(let count) = script, sent >= count { throw RPCStatusError(.internal, "disk on fire") }
            while credit.amount <= sent {
                guard let message = try await stream.receive(), let order = message.order else { return }
                try accept(order, &credit)
            }
            let bytes = next(range.offset + sent, count: min(credit.amount, range.size) - sent, asked: first.maximumChunkSize)
            try await stream.send(PieceDownloadResponse(chunk: bytes))
            sent += Int64(bytes.data.readableBytes)
            note { $0.sentCount += Int64(bytes.data.readableBytes) }
        }
    }

    private func accept(_ order: Order, _ credit: inout OrderCredit) throws {
        try credit.accept(order)
        note { $0.largestOrder = max($0.largestOrder, order.amount) }
    }

    private func next(_ offset: Int64, count: Int64, asked: Int32) -> PieceDownloadRequest.Piece {
        var count = min(Int(count), Int(asked))
        var place = offset
        if case .crumbling(let size) = script { count = min(count, size) }
        if case .overflowing = script { count += 1 << 20 }
        if case .misplacing = script { place += 1 }
        var data = ByteBuffer()
        for index in Int(offset)..<Int(offset) + count { data.writeInteger(byte(Int64(index))) }
        return PieceDownloadResponse.Chunk(offset: place, data: data)
    }

    private func byte(_ index: Int64) -> UInt8 {
        let right = index < piece.count ? piece[Int(index)] : 0
        switch script {
        case .lying(let start) where index >= start: return right ^ 0x5a
        case .sprinkling(let distance) where index % distance == Int64(number) * 3: return right ^ 1
        default: return right
        }
    }
}

extension PieceDownloadRequest {
    typealias Piece = PieceDownloadResponse.Chunk
}
