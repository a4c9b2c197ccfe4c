internal import DRPC
internal import Logging
internal import StorageModel
internal import WireMessages

/// One segment on its way to its nodes: does what the race decides, in one task, and one more task for each piece.
///
/// The piece's task connects and waits for the answer. All bytes are encoded and handed to the connections by the upload's
/// own task, which sleeps only when there is nothing to send.
final class SegmentUpload {
    private let uploader: PieceUploader
    private let segment: SegmentBuffer
    private let mailbox = UploadMailbox()
    private let encoder: WindowEncoder
    private let orders: OrderCache
    private var assignment: SegmentAssignment
    private var race: UploadRace
    private var attempts: [Int: (piece: AddressedLimit, number: Int, start: Timestamp, sent: SentPiece)] = [:]
    private var stored: [UploadedPiece] = []
    private var exchangeFailure: (any Error)?
    private var isOver = false

    /// - Parameter goal: pieces to store, fewer if there is no way; nil for as many as the scheme demands, or an error.
    /// - Throws: `malformedOffer`.
    init(
        _ uploader: PieceUploader, _ segment: SegmentBuffer, _ assignment: SegmentAssignment, goal: Int? = nil
    ) throws(TransferError) {
        let scheme = segment.scheme
        guard assignment.scheme == scheme else { throw .malformedOffer("the redundancy scheme has changed") }
        guard assignment.limits.count == scheme.totalShares else {
            throw .malformedOffer("\(assignment.limits.count) limits for \(scheme.totalShares) pieces")
        }
        guard let serialNumber = assignment.limits.lazy.compactMap({ $0 }).first?.limit.serialNumber else {
            throw .malformedOffer("no order limits")
        }
        self.uploader = uploader
        self.segment = segment
        self.assignment = assignment
        encoder = WindowEncoder(
            segment: segment, encoder: uploader.encoders.encoder(for: scheme), settings: uploader.settings)
        orders = OrderCache(key: assignment.privateKey, serialNumber: serialNumber)
        let candidates = Self.candidates(assignment, uploader.book)
        let (settings, now) = (uploader.settings, uploader.clock.now())
        race =
            if let goal {
                UploadRace(goal: goal, candidates: candidates, settings: settings, now: now)
            } else {
                UploadRace(scheme: scheme, candidates: candidates, settings: settings, now: now)
            }
    }

    private static func candidates(
        _ assignment: SegmentAssignment, _ book: NodeBook
    ) -> [(number: Int, node: NodeID, isSuspect: Bool)] {
        let nodes = assignment.limits.map { $0?.limit.storageNodeID ?? NodeID() }
        let offered = assignment.limits.indices.filter { assignment.limits[$0] != nil }
        return book.ordered(offered) { nodes[$0] }.map { ($0, nodes[$0], book.isSuspect(nodes[$0])) }
    }

    /// Uploads the segment; its memory is free afterwards.
    ///
    /// - Parameter limit: when it shall end with what is stored by then; nil for never.
    func run(
        within limit: Duration? = nil, exchange: @escaping @Sendable ([Int]) async throws -> SegmentAssignment
    ) async throws -> [UploadedPiece] {
        defer { segment.release() }
        segment.attach(mailbox.signal)
        return try await withThrowingDiscardingTaskGroup { group in
            let (mailbox, clock, interval) = (mailbox, uploader.clock, uploader.settings.stallTime / 4)
            group.addTask { await Self.tick(mailbox, clock, every: interval) }
            if let limit {
                group.addTask {
                    // Ends early only by cancellation, when nobody waits any more.
                    if (try? await clock.sleep(limit)) != nil { mailbox.post(.deadline) }
                }
            }
            defer { group.cancelAll() }
            while true {
                try Task.checkCancellation()
                for event in mailbox.take() { try handle(event) }
                if isOver { return stored.sorted { $0.number < $1.number } }
                if try decide(&group, exchange) { return stored.sorted { $0.number < $1.number } }
                if try !encoder.advance() { await mailbox.signal.wait() }
                for (attempt, error) in encoder.failures { fail(attempt, error.description, false) }
            }
        }
    }

    /// Uploads what can be uploaded from the offer as it is, and for so long; its memory is free afterwards.
    ///
    /// - Returns: what was stored, and why the rest was not.
    /// - Throws: `CancellationError`, what the segment failed with.
    func run(within limit: Duration) async throws -> (stored: [UploadedPiece], failures: [PieceFailure]) {
        do {
            let stored = try await run(within: limit) { _ in
                throw TransferError.malformedOffer("nothing is exchanged")
            }
            return (stored, race.failures)
        } catch TransferError.noProgress(let failures) {
            return (stored.sorted { $0.number < $1.number }, failures)
        }
    }

    /// Does what the race decides; true when enough pieces are stored.
    private func decide(
        _ group: inout ThrowingDiscardingTaskGroup<any Error>,
        _ exchange: @escaping @Sendable ([Int]) async throws -> SegmentAssignment
    ) throws -> Bool {
        let now = uploader.clock.now()
        while true {
            switch race.next(at: now) {
            case .start(let number, let attempt): start(number, attempt, at: now, in: &group)
            case .exchange(let numbers):
                let mailbox = mailbox
                group.addTask {
                    do {
                        mailbox.post(.exchanged(numbers, try await exchange(numbers)))
                    } catch {
                        mailbox.post(.exchangeFailed(error))
                    }
                }
            case .finish: return true
            case .fail(let error): throw explained(error)
            case .wait: return false
            }
        }
    }

    /// When the satellite was asked for other nodes, its answer is a part of the reason.
    private func explained(_ error: TransferError) -> TransferError {
        guard let exchangeFailure, case .notEnoughPieces(let needed, let available, let failures) = error else {
            return error
        }
        return .noOtherNodes(needed: needed, available: available, failures: failures, reason: "\(exchangeFailure)")
    }

    private func start(
        _ number: Int, _ attempt: Int, at now: Timestamp, in group: inout ThrowingDiscardingTaskGroup<any Error>
    ) {
        guard let piece = assignment.limits[number] else {
            _ = race.failed(attempt: attempt, reason: "no limit is offered")
            return
        }
        let sent = SentPiece()
        attempts[attempt] = (piece, number, now, sent)
        let upload = PieceUpload(
            piece: piece, number: number, attempt: attempt, sent: sent, uploader: uploader, mailbox: mailbox)
        group.addTask { await upload.run() }
    }

    private static func tick(_ mailbox: UploadMailbox, _ clock: TransferClock, every interval: Duration) async {
        // Ends by cancellation, when the segment is over.
        while (try? await clock.sleep(interval)) != nil { mailbox.post(.tick) }
    }

    // MARK: Events

    private func handle(_ event: UploadMailbox.Event) throws {
        switch event {
        case .opened(let attempt, let stream): open(attempt, stream)
        case .stored(let attempt, let piece): store(attempt, piece)
        case .failed(let attempt, let reason, let isNodeToBlame): fail(attempt, reason, isNodeToBlame)
        case .exchanged(let numbers, let answer): exchanged(numbers, answer)
        case .exchangeFailed(let error):
            exchangeFailure = error
            race.exchangeFailed()
        case .deadline: isOver = true
        case .tick:
            encoder.tick()
            let open = encoder.reports
            let connecting = attempts.keys.filter { attempt in !open.contains { $0.attempt == attempt } }
                .map { UploadRace.Report(attempt: $0, position: -1, isBlocked: true) }
            for node in try race.tick(open + connecting, at: uploader.clock.now()) {
                uploader.book.stalled(node)
                uploader.logger.debug("node stalls during upload", metadata: ["node_id": "\(node)"])
            }
        }
    }

    private func open(_ attempt: Int, _ stream: PieceSender.Stream) {
        guard let (piece, number, _, sent) = attempts[attempt] else { return }
        guard piece.limit.encoded.count <= PieceSender.maximumLimitSize,
            piece.limit.serialNumber == orders.serialNumber
        else { return fail(attempt, "the satellite's limit is not one for this segment", false) }
        encoder.add(
            PieceSender(
                number: number, attempt: attempt, limit: piece.limit, stream: stream, sent: sent, orders: orders,
                key: assignment.privateKey, settings: uploader.settings))
    }

    private func store(_ attempt: Int, _ piece: UploadedPiece) {
        encoder.remove(attempt: attempt)
        guard let (_, _, start, _) = attempts.removeValue(forKey: attempt) else { return }
        let now = uploader.clock.now()
        uploader.book.succeeded(piece.node, bytes: piece.hash.pieceSize, in: now.duration(since: start))
        if race.stored(attempt: attempt, at: now) { stored.append(piece) }
    }

    private func fail(_ attempt: Int, _ reason: String, _ isNodeToBlame: Bool) {
        encoder.remove(attempt: attempt)
        guard let (piece, _, _, _) = attempts.removeValue(forKey: attempt) else { return }
        if isNodeToBlame { uploader.book.failed(piece.limit.storageNodeID) }
        if race.failed(attempt: attempt, reason: reason) {
            let metadata: Logger.Metadata = ["node_id": "\(piece.limit.storageNodeID)", "reason": "\(reason)"]
            uploader.logger.debug("piece not uploaded", metadata: metadata)
        }
    }

    private func exchanged(_ numbers: [Int], _ answer: SegmentAssignment) {
        guard answer.limits.count == assignment.limits.count else {
            exchangeFailure = TransferError.malformedOffer("\(answer.limits.count) limits after an exchange")
            return race.exchangeFailed()
        }
        // Who was silent is not listened to any more: the satellite has given the piece to another.
        for (attempt, entry) in attempts where numbers.contains(entry.number) {
            encoder.remove(attempt: attempt)
            attempts[attempt] = nil
        }
        for number in numbers { assignment.limits[number] = answer.limits[number] }
        race.exchanged(numbers.map { ($0, assignment.limits[$0]?.limit.storageNodeID) })
    }
}
