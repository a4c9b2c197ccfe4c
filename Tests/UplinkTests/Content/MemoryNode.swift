import DRPC
import Identity
import NIOCore
import Orders
import StorageModel
import Synchronization
import WireMessages

/// A storage node that keeps its pieces in memory, and can be told to misbehave.
final class MemoryNode: Sendable {
    private struct State {
        var pieces: [PieceID: [UInt8]] = [:]
        var isCorrupt = false
        var isDown = false
        var uploadCount = 0
    }

    let identity: NodeIdentity
    private let state = Mutex(State())

    init(identity: NodeIdentity) { self.identity = identity }

    /// Whether every hundredth byte that is read comes out wrong.
    var isCorrupt: Bool {
        get { state.withLock { $0.isCorrupt } }
        set { state.withLock { $0.isCorrupt = newValue } }
    }

    /// Whether every call is refused.
    var isDown: Bool {
        get { state.withLock { $0.isDown } }
        set { state.withLock { $0.isDown = newValue } }
    }

    /// How many pieces were offered.
    var uploadCount: Int { state.withLock { $0.uploadCount } }

    /// Says hello to satellites, takes pieces and gives them.
    var router: RPCRouter {
        var router = RPCRouter()
        router.unary(ContactMethods.pingNode) { _, _ in Node_ContactPingResponse() }
        router.stream(PiecestoreMethods.upload) { [self] stream, _ in try await take(stream) }
        router.stream(PiecestoreMethods.download) { [self] stream, _ in try await give(stream) }
        return router
    }

    private func take(_ stream: RPCServerStream<PieceUploadRequest, PieceUploadResponse>) async throws {
        state.withLock { $0.uploadCount += 1 }
        if isDown { throw RPCStatusError(.unavailable, "down") }
        var content: [UInt8] = []
        var limit: OrderLimit?
        while let message = try await stream.receive() {
            limit = limit ?? message.limit
            if let chunk = message.chunk { content += chunk.data.readableBytesView }
            guard let done = message.done, let limit else { continue }
            guard done.pieceSize == content.count, limit.storageNodeID == identity.id else {
                throw RPCStatusError(.invalidArgument, "not what was announced")
            }
            let (piece, received) = (limit.pieceID, content)
            state.withLock { $0.pieces[piece] = received }
            let hash = PieceHash(
                pieceID: done.pieceID, hash: done.hash, pieceSize: done.pieceSize, timestamp: done.timestamp,
                hashAlgorithm: done.hashAlgorithm)
            try await stream.send(
                PieceUploadResponse(
                    done: hash.signed(by: identity), nodeCertificateChain: identity.chain.concatenated))
            return
        }
    }

    private func give(_ stream: RPCServerStream<PieceDownloadRequest, PieceDownloadResponse>) async throws {
        guard let first = try await stream.receive(), let limit = first.limit, let range = first.chunk, !isDown,
            let piece = state.withLock({ $0.pieces[limit.pieceID] }), range.offset + range.size <= piece.count
        else { throw RPCStatusError(.notFound, "no such piece") }
        var credit = OrderCredit(limit: limit)
        if let order = first.order { try credit.accept(order) }
        var sent: Int64 = 0
        while sent < range.size {
            while credit.amount <= sent {
                guard let order = try await stream.receive()?.order else { return }
                try credit.accept(order)
            }
            let start = Int(range.offset + sent)
            let count = Int(min(min(credit.amount, range.size) - sent, Int64(first.maximumChunkSize), 64 << 10))
            var bytes = Array(piece[start..<start + count])
            if isCorrupt { for index in stride(from: 0, to: count, by: 100) { bytes[index] ^= 0x55 } }
            try await stream.send(
                PieceDownloadResponse(chunk: .init(offset: Int64(start), data: ByteBuffer(bytes: bytes))))
            sent += Int64(count)
        }
        while try await stream.receive() != nil {}
    }
}
