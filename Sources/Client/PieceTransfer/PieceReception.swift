import DRPC
import NIOCore
import StorageModel
import WireMessages

/// Receives one piece of a segment: asks, orders, checks what comes, and hands it to the segment's download.
struct PieceReception: Sendable {
    let id: Int
    let offer: PieceOffer
    /// The bytes wanted of the piece.
    let range: Range<Int64>
    let chunkSize: Int
    let dialer: any RPCDialer
    let book: NodeBook
    let download: SegmentDownload

    /// Messages without data that are passed over: a node may announce that the piece was in its trash.
    private static let maximumAnnouncements = 2

    /// Pieces of fewer bytes say nothing about a node's speed.
    private static let measuredSize: Int64 = 64 << 10

    /// Runs to the end of the piece, or until it fails or is not needed any more; tells the download how it went.
    func run() async {
        let start = download.clock.now()
        do {
            let connection = try await dialer.connect(to: offer.node)
            try await connection.withStream(PiecestoreMethods.download) { try await receive($0) }
        } catch {
            return fail(error)
        }
        let size = range.upperBound - range.lowerBound
        guard size >= Self.measuredSize else { return }
        book.succeeded(offer.nodeID, bytes: size, in: download.clock.now().duration(since: start))
    }

    private func fail(_ error: any Error) {
        if error is NotNeeded || Task.isCancelled { return }
        book.failed(offer.nodeID)
        let reason = error is CancellationError ? "cancelled the call" : "\(error)"
        download.failed(id, reason: reason, isLie: error is PieceReceptionError)
    }

    private func receive(_ stream: RPCClientStream<PieceDownloadRequest, PieceDownloadResponse>) async throws {
        let size = range.upperBound - range.lowerBound
        var schedule = OrderSchedule(size: size)
        // Everything in one message: nodes take an order with the limit as well as after it.
        try await stream.send(
            PieceDownloadRequest(
                limit: offer.limit, order: schedule.next(received: 0).map { offer.orders.order(amount: $0) },
                chunk: .init(offset: range.lowerBound, size: size), maximumChunkSize: Int32(clamping: chunkSize)))
        var received: Int64 = 0
        var announcementCount = 0
        while received < size {
            guard let message = try await stream.receive() else {
                throw PieceReceptionError.endedEarly(received: received, size: size)
            }
            guard let chunk = message.chunk, chunk.data.readableBytes > 0 else {
                announcementCount += 1
                guard announcementCount <= Self.maximumAnnouncements else { throw PieceReceptionError.noData }
                continue
            }
            guard chunk.offset == range.lowerBound + received else {
                throw PieceReceptionError.wrongOffset(chunk.offset, expected: range.lowerBound + received)
            }
            guard Int64(chunk.data.readableBytes) <= schedule.ordered - received else {
                throw PieceReceptionError.tooMuchData(
                    received: received + Int64(chunk.data.readableBytes), ordered: schedule.ordered)
            }
            received += Int64(chunk.data.readableBytes)
            // Ordered before anything else, so that the node goes on while this end is busy.
            if received < size, let amount = schedule.next(received: received) {
                try await stream.send(PieceDownloadRequest(order: offer.orders.order(amount: amount)))
            }
            try await hand(chunk.data)
        }
    }

    private func hand(_ data: ByteBuffer) async throws {
        switch download.received(id, data) {
        case .go: break
        case .hold: try await download.room(id)
        case .stop: throw NotNeeded()
        }
    }
}

/// Ends a call whose piece nobody waits for any more.
private struct NotNeeded: Error {}

/// How a node broke the rules of a download.
enum PieceReceptionError: Error, Hashable, CustomStringConvertible {
    case endedEarly(received: Int64, size: Int64)
    case wrongOffset(Int64, expected: Int64)
    case tooMuchData(received: Int64, ordered: Int64)
    case noData

    var description: String {
        switch self {
        case .endedEarly(let received, let size): "ended after \(received) of \(size) bytes"
        case .wrongOffset(let offset, let expected): "sent bytes at \(offset) where \(expected) was due"
        case .tooMuchData(let received, let ordered): "sent \(received) bytes where \(ordered) were ordered"
        case .noData: "sends messages without data"
        }
    }
}
