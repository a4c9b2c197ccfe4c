import DRPC
import Identity
import NIOCore
import Orders
import StorageModel
import WireMessages

/// One call to one node for one range of one piece.
struct PieceFetchAttempt: Sendable {
    /// A dial's end.
    enum Dial: Sendable {
        case connected(any RPCConnection)
        case offline(String)
    }

    let piece: AddressedLimit
    let key: PieceKey
    let range: Range<Int64>
    /// Who must have signed the original limit; nil when no proof is asked for.
    let satellite: PeerIdentity?
    let chunkSize: Int

    /// Messages without data that are passed over.
    private static let maximumAnnouncements = 3
    /// Memory taken before anything has arrived, bytes.
    private static let firstCapacity: Int64 = 1 << 20

    private var size: Int64 { range.upperBound - range.lowerBound }

    /// Connects; nil when cancelled.
    func dial(_ dialer: any RPCDialer) async -> Dial? {
        do {
            return .connected(try await dialer.connect(to: piece.node))
        } catch RPCError.dialerClosed {
            // The satellite is stopping: that is nothing the node does.
            return nil
        } catch {
            if Task.isCancelled { return nil }
            return .offline("\(error)")
        }
    }

    /// Fetches; nil when cancelled.
    func fetch(over connection: any RPCConnection) async -> PieceFetchOutcome? {
        var isStarted = false
        // A connection kept from before may have died unnoticed. A second try shows whether the node has, too; when the
        // node did get the limit, it refuses it as used, which says nothing against it.
        for isLast in [false, true] {
            do {
                return try await connection.withStream(PiecestoreMethods.download) { stream in
                    try await receive(stream, isStarted: &isStarted)
                }
            } catch RPCError.connectionLost where !isStarted && !isLast {
                continue
            } catch {
                return Task.isCancelled ? nil : Self.outcome(of: error)
            }
        }
        return nil
    }

    private static func outcome(of error: any Error) -> PieceFetchOutcome? {
        switch error {
        case let error as RPCStatusError:
            switch error.code {
            case .notFound: .notFound
            case .deadlineExceeded: .timedOut
            default: .failed("\(error)")
            }
        case let error as RPCError:
            switch error {
            case .dialerClosed: nil
            case .nodeIDMissing, .malformedAddress, .dialFailed, .dialTimedOut, .wrongNodeID, .identityRefused:
                .offline("\(error)")
            case .connectionLost, .protocolViolation, .messageTooLarge, .noAnswer, .streamEnded: .failed("\(error)")
            }
        case let error as PieceReceptionError: .invalid("\(error)")
        case let error as PieceProofError: .invalid("\(error)")
        case is CancellationError: .failed("the node cancelled the call")
        default: .failed("\(error)")
        }
    }

    private func receive(
        _ stream: RPCClientStream<PieceDownloadRequest, PieceDownloadResponse>, isStarted: inout Bool
    ) async throws -> PieceFetchOutcome {
        let orders = OrderCache(key: key, serialNumber: piece.limit.serialNumber)
        var schedule = OrderSchedule(size: size)
        try await stream.send(
            PieceDownloadRequest(
                limit: piece.limit, order: schedule.next(received: 0).map { orders.order(amount: $0) },
                chunk: .init(offset: range.lowerBound, size: size), maximumChunkSize: Int32(clamping: chunkSize)))
        var bytes = ByteBuffer()
        bytes.reserveCapacity(Int(min(size, Self.firstCapacity)))
        var proof = PieceProof()
        var wasInTrash = false
        var announcementCount = 0
        while Int64(bytes.readableBytes) < size {
            let received = Int64(bytes.readableBytes)
            guard let message = try await stream.receive() else {
                throw PieceReceptionError.endedEarly(received: received, size: size)
            }
            isStarted = true
            if let hash = message.hash { proof.hash = hash }
            if let limit = message.limit { proof.limit = limit }
            wasInTrash = wasInTrash || message.restoredFromTrash
            guard let chunk = message.chunk, chunk.data.readableBytes > 0 else {
                announcementCount += 1
                guard announcementCount <= Self.maximumAnnouncements else { throw PieceReceptionError.noData }
                continue
            }
            guard chunk.offset == range.lowerBound + received else {
                throw PieceReceptionError.wrongOffset(chunk.offset, expected: range.lowerBound + received)
            }
            let count = Int64(chunk.data.readableBytes)
            guard count <= schedule.ordered - received else {
                throw PieceReceptionError.tooMuchData(received: received + count, ordered: schedule.ordered)
            }
            // Known to be coming now: no growing by doubling, which would hold twice the piece.
            if received + count > Self.firstCapacity { bytes.reserveCapacity(Int(size)) }
            bytes.writeImmutableBuffer(chunk.data)
            if received + count < size, let amount = schedule.next(received: received + count) {
                try await stream.send(PieceDownloadRequest(order: orders.order(amount: amount)))
            }
        }
        guard let satellite else {
            return .data(FetchedPiece(bytes: bytes, hash: nil, originalLimit: nil, wasInTrash: wasInTrash))
        }
        let (hash, limit) = try proof.verify(bytes, of: piece.limit, signedBy: satellite)
        return .data(FetchedPiece(bytes: bytes, hash: hash, originalLimit: limit, wasInTrash: wasInTrash))
    }
}
