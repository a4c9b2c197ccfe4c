import DRPC
import Identity
import NIOCore
import Orders
import StorageModel
import Synchronization
import WireMessages

/// A node that keeps pieces in memory with their proofs, behind TLS: what repair costs besides disks.
final class KeepingNode: Sendable {
    private struct Piece {
        let limit: OrderLimit
        let hash: PieceHash
        let chunks: [ByteBuffer]
    }

    let identity = NodeIdentity.generate(random: .system)
    private let clock: WallClock
    private let pieces = Mutex<[PieceID: Piece]>([:])

    init(clock: WallClock) { self.clock = clock }

    var router: RPCRouter {
        var router = RPCRouter()
        router.unary(ContactMethods.pingNode) { _, _ in Node_ContactPingResponse() }
        router.stream(PiecestoreMethods.upload) { stream, _ in try await self.take(stream) }
        router.stream(PiecestoreMethods.download) { stream, _ in try await self.give(stream) }
        return router
    }

    private func take(_ stream: RPCServerStream<PieceUploadRequest, PieceUploadResponse>) async throws {
        var limit: OrderLimit?
        var chunks: [ByteBuffer] = []
        while let message = try await stream.receive() {
            if let first = message.limit { limit = first }
            if let chunk = message.chunk { chunks.append(chunk.data) }
            guard let done = message.done, let limit else { continue }
            let piece = Piece(limit: limit, hash: done, chunks: chunks)
            pieces.withLock { $0[limit.pieceID] = piece }
            let hash = PieceHash(
                pieceID: done.pieceID, hash: done.hash, pieceSize: done.pieceSize, timestamp: clock.now(),
                hashAlgorithm: done.hashAlgorithm)
            return try await stream.send(
                PieceUploadResponse(
                    done: hash.signed(by: identity), nodeCertificateChain: identity.chain.concatenated))
        }
    }

    private func give(_ stream: RPCServerStream<PieceDownloadRequest, PieceDownloadResponse>) async throws {
        guard let first = try await stream.receive(), let limit = first.limit,
            let piece = pieces.withLock({ $0[limit.pieceID] })
        else { throw RPCStatusError(.notFound, "no such piece") }
        try await stream.send(PieceDownloadResponse(hash: piece.hash, limit: piece.limit))
        var ordered = first.order?.amount ?? 0
        var sent: Int64 = 0
        for chunk in piece.chunks {
            var rest = chunk
            while rest.readableBytes > 0 {
                while ordered <= sent {
                    guard let message = try await stream.receive(), let order = message.order else { return }
                    ordered = order.amount
                }
                let count = min(rest.readableBytes, Int(ordered - sent))
                guard let data = rest.readSlice(length: count) else { return }
                try await stream.send(PieceDownloadResponse(chunk: .init(offset: sent, data: data)))
                sent += Int64(count)
            }
        }
        while try await stream.receive() != nil {}
    }
}
