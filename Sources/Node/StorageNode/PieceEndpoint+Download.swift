import DRPC
import Logging
import NIOCore
import Orders
import PieceStore
import StorageModel
import WireMessages

extension PieceEndpoint {
    /// What a client asks for when it names no size.
    private static let defaultChunkSize = 1 << 20
    /// The sizes of chunks a client may ask for; anything else gets the default.
    private static let chunkSizes = 1025..<(1 << 20)

    /// Ranges up to this size need no second task when the first message pays for them, bytes.
    private static let smallRange: Int64 = 256 << 10

    /// Hands out a range of one piece, never more than the orders received pay for.
    ///
    /// Two loops run side by side: one takes orders and raises the credit, one sends while there is credit. The
    /// transfer is over when the client has gone or everything is sent and the client has closed its side.
    /// - Source: protocol document 3 §1.4, §1.9.
    func download(_ stream: RPCServerStream<PieceDownloadRequest, PieceDownloadResponse>) async throws {
        guard let first = try await stream.receive(), let limit = first.limit, let range = first.chunk else {
            throw RPCStatusError(.invalidArgument, "expected order limit and chunk as the first message")
        }
        guard range.offset >= 0, range.size >= 0, range.size <= limit.limit else {
            throw RPCStatusError(.invalidArgument, "requested more than order limit allows, limit=\(limit.limit) requested=\(range.size)")
        }
        try await admission.admit(limit, for: .download)
        // Audits and repairs go on: what is stored is not lost because somebody does not pay.
        if limit.action == .get, let standing = parts.farmer?.standing(of: limit.satelliteID), !standing.servesCustomers {
            throw RPCStatusError(.unavailable, "this node serves no customers of its satellite, which is \(standing)")
        }
        parts.lastContact.record(parts.clock.now())
        // Our own client pays with its first message: then it is known what is read first.
        let isPaid = first.order.map { $0.amount >= range.size && range.size <= Self.smallRange } ?? false
        let reader = try await open(limit, expecting: isPaid ? range : nil)
        guard range.offset <= reader.piece.size, range.size <= reader.piece.size - range.offset else {
            throw RPCStatusError(.invalidArgument, "requested more data than available, requesting=\(range.size) available=\(reader.piece.size)")
        }
        let window = parts.orders.begin(satellite: limit.satelliteID, created: limit.orderCreation)
        defer { window.end() }
        let meter = CreditMeter(OrderCredit(limit: limit))
        do {
            if let order = first.order { try meter.accept(order) }
            try await announce(reader, limit.action, stream)
            let chunkSize = Self.chunkSizes.contains(Int(first.maximumChunkSize))
                ? Int(first.maximumChunkSize) : Self.defaultChunkSize
            if isPaid {
                try await transferPaid(reader, range, chunkSize: chunkSize, meter, stream)
            } else {
                try await transfer(reader, range, chunkSize: chunkSize, meter, stream)
            }
        } catch {
            await keep(meter.largest, of: limit)
            throw refusal(error, limit)
        }
        await keep(meter.largest, of: limit)
    }

    private func open(_ limit: OrderLimit, expecting: PieceDownloadRequest.Chunk?) async throws -> PieceReader {
        do {
            // A range that overflows is refused as soon as the piece's size is known.
            let end = expecting.flatMap { chunk in
                let end = chunk.offset.addingReportingOverflow(chunk.size)
                return end.overflow ? nil : end.partialValue
            }
            return try await parts.store.openPiece(
                satellite: limit.satelliteID, pieceID: limit.pieceID,
                expecting: end.flatMap { end in expecting.map { $0.offset..<end } })
        } catch {
            throw refusal(error, limit)
        }
    }

    /// The status of a failed download; a piece that could not be read is read again later and told to its satellite.
    private func refusal(_ error: any Error, _ limit: OrderLimit) -> any Error {
        guard let error = error as? PieceStoreError else { return PieceStatus.ofDownload(error) }
        switch error.code {
        case .corrupt, .missingFile, .system:
            parts.logger.error(
                "a stored piece cannot be read", metadata: ["piece": "\(limit.pieceID)", "error": "\(error.message)"])
            parts.reporter?.suspect(satellite: limit.satelliteID, pieceID: limit.pieceID)
        case .notFound where parts.reporter?.isWaiting(satellite: limit.satelliteID, pieceID: limit.pieceID) == true:
            // Not a silent loss: the satellite is about to know.
            return RPCStatusError(.internal, "piece is damaged, its satellite is being told")
        case .notFound, .alreadyExists, .noSpace, .tooLarge, .closed: break
        }
        return PieceStatus.ofDownload(error)
    }

    /// Sends what comes before the bytes: the uploader's proof for a repair, or the note that the piece was trashed.
    private func announce(
        _ reader: PieceReader, _ action: PieceAction,
        _ stream: RPCServerStream<PieceDownloadRequest, PieceDownloadResponse>
    ) async throws {
        if action == .getRepair {
            try await stream.send(
                PieceDownloadResponse(
                    hash: PieceHash(storedFor: reader.piece), limit: try OrderLimit.parse(reader.piece.proof.orderLimit),
                    restoredFromTrash: reader.restoredFromTrash))
        } else if reader.restoredFromTrash {
            try await stream.send(PieceDownloadResponse(restoredFromTrash: true))
        }
    }

    /// Sends what is paid for already: orders need not be waited for, so one task does both.
    private func transferPaid(
        _ reader: PieceReader, _ range: PieceDownloadRequest.Chunk, chunkSize: Int, _ meter: CreditMeter,
        _ stream: RPCServerStream<PieceDownloadRequest, PieceDownloadResponse>
    ) async throws {
        do {
            try await send(reader, range, chunkSize: chunkSize, meter, stream)
        } catch RPCError.streamEnded {
            // The client has closed the call: it has what it wanted.
            return
        }
        while let message = try await stream.receive() {
            if let order = message.order { try meter.accept(order) }
        }
    }

    private func transfer(
        _ reader: PieceReader, _ range: PieceDownloadRequest.Chunk, chunkSize: Int, _ meter: CreditMeter,
        _ stream: RPCServerStream<PieceDownloadRequest, PieceDownloadResponse>
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { meter.end() }
                while let message = try await stream.receive() {
                    if let order = message.order { try meter.accept(order) }
                }
            }
            group.addTask { try await self.send(reader, range, chunkSize: chunkSize, meter, stream) }
            // Unlike `waitForAll`, this ends the other loop when one fails.
            while try await group.next() != nil {}
        }
    }

    private func send(
        _ reader: PieceReader, _ range: PieceDownloadRequest.Chunk, chunkSize: Int, _ meter: CreditMeter,
        _ stream: RPCServerStream<PieceDownloadRequest, PieceDownloadResponse>
    ) async throws {
        var sent: Int64 = 0
        defer {
            parts.logger.debug(
                "a piece was read",
                metadata: ["piece": "\(reader.piece.pieceID)", "offset": "\(range.offset)", "sent": "\(sent)"])
        }
        while sent < range.size, let allowed = await meter.amount(above: sent) {
            let count = min(allowed - sent, range.size - sent, Int64(PieceReader.maximumCount))
            var bytes = try await reader.read(offset: range.offset + sent, count: Int(count))
            while let data = bytes.readSlice(length: min(chunkSize, bytes.readableBytes)), data.readableBytes > 0 {
                try await stream.send(
                    PieceDownloadResponse(chunk: .init(offset: range.offset + sent, data: data)))
                sent += Int64(data.readableBytes)
            }
        }
    }
}
