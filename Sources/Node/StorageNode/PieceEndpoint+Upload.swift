import DRPC
import Identity
import NIOCore
import Orders
import PieceStore
import StorageModel
import WireMessages

extension PieceEndpoint {
    /// Receives one piece: limit, then orders and chunks in any mixture, then the uplink's signed hash.
    ///
    ///     WAIT ─limit─► OPEN ─order─► credit grows ─chunk─► bytes stored ─done─► COMMIT ─► answer
    ///                      any violation, cancel or silence ─► ABORT (what came is dropped, the order is kept)
    ///
    /// - Source: protocol document 3 §1.3, §1.9.
    func upload(_ stream: RPCServerStream<PieceUploadRequest, PieceUploadResponse>) async throws {
        guard uploads.take() else {
            throw RPCStatusError(.unavailable, "storage node overloaded, maximum uploads: \(parts.settings.maximumUploads)")
        }
        defer { uploads.release() }
        guard parts.drain?.since == nil else {
            throw RPCStatusError(.unavailable, "this node takes no new pieces: it is drained for maintenance")
        }
        guard let first = try await stream.receive(), let limit = first.limit else {
            throw RPCStatusError(.invalidArgument, "expected order limit as the first message")
        }
        let algorithm = try StoredHashAlgorithm(first.hashAlgorithm)
        try await admission.admit(limit, for: .upload)
        if let standing = parts.farmer?.standing(of: limit.satelliteID), !standing.takesPieces {
            throw RPCStatusError(.unavailable, "this node takes no new pieces of its satellite, which is \(standing)")
        }
        parts.lastContact.record(parts.clock.now())
        guard parts.space.freeSpace() >= limit.limit else {
            throw RPCStatusError(.aborted, "not enough available disk space")
        }
        try await receive(first, limit, algorithm, stream)
    }

    private func receive(
        _ first: PieceUploadRequest, _ limit: OrderLimit, _ algorithm: StoredHashAlgorithm,
        _ stream: RPCServerStream<PieceUploadRequest, PieceUploadResponse>
    ) async throws {
        var credit = OrderCredit(limit: limit)
        let window = parts.orders.begin(satellite: limit.satelliteID, created: limit.orderCreation)
        defer { window.end() }
        let writer = parts.store.beginPiece(
            satellite: limit.satelliteID, pieceID: limit.pieceID, algorithm: algorithm,
            expires: limit.pieceExpiration)
        do {
            var message = first
            while true {
                if let order = message.order { try credit.accept(order) }
                if let chunk = message.chunk {
                    try Self.check(chunk, size: writer.size, credit: credit.amount)
                    try await writer.append(chunk.data)
                }
                if let done = message.done {
                    let answer = try await commit(done, writer, limit, first.hashAlgorithm)
                    await keep(credit.largest, of: limit)
                    try await stream.send(answer)
                    parts.spaceChanged(parts.space.freeSpace())
                    return
                }
                guard let next = try await stream.receive() else {
                    throw RPCStatusError(.aborted, "the upload ended before the piece's hash")
                }
                message = next
            }
        } catch {
            writer.abort()
            await keep(credit.largest, of: limit)
            throw PieceStatus.ofUpload(error)
        }
    }

    private static func check(_ chunk: PieceUploadRequest.Chunk, size: Int64, credit: Int64) throws {
        guard chunk.offset == size else {
            throw RPCStatusError(.invalidArgument, "chunk out of order, expected offset \(size)")
        }
        guard Int64(chunk.data.readableBytes) <= credit - size else {
            throw RPCStatusError(.invalidArgument, "not enough allocated, allocated=\(credit) writing=\(chunk.data.readableBytes)")
        }
    }

    private func commit(
        _ done: PieceHash, _ writer: PieceWriter, _ limit: OrderLimit, _ algorithm: PieceHashAlgorithm
    ) async throws -> PieceUploadResponse {
        let hash = writer.contentHash().bytes
        try done.verifyUpload(limit: limit, hash: hash, size: writer.size, algorithm: algorithm)
        guard let hashTime = done.timestamp else {
            throw RPCStatusError(.invalidArgument, "piece hash without a timestamp")
        }
        _ = try await writer.commit(
            PieceProof(
                hashTimestamp: hashTime, hashSignature: done.signature, orderLimit: limit.encoded,
                expires: limit.pieceExpiration))
        let promise = PieceHash(
            pieceID: done.pieceID, hash: hash, pieceSize: done.pieceSize, timestamp: parts.clock.now(),
            hashAlgorithm: algorithm)
        return PieceUploadResponse(
            done: promise.signed(by: parts.identity), nodeCertificateChain: parts.identity.chain.concatenated)
    }
}

extension StoredHashAlgorithm {
    /// The algorithm a client announces; unknown ones are refused, because the signed hash could not be checked.
    fileprivate init(_ algorithm: PieceHashAlgorithm) throws {
        switch algorithm {
        case .sha256: self = .sha256
        case .blake3: self = .blake3
        default: throw RPCStatusError(.invalidArgument, "unknown hash algorithm \(algorithm.rawValue)")
        }
    }
}
