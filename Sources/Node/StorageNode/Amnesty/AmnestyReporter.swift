package import Chores
package import DRPC
package import Logging
package import PieceStore
package import StorageModel
import Synchronization
import WireMessages

/// Tells satellites of pieces that are bad, before they find out: such a loss is repaired and not punished.
///
///     suspicion ─ read again ─► bad ─ noted on the disk ─► forgotten by the store ─ told until acknowledged ─► known
///
/// A piece that is noted is not served and not called missing either, until its satellite knows of it.
/// - Source: protocol document 3 §5.5: batches of 50, or every 5 s.
package final class AmnestyReporter: Sendable {
    /// What the reporter works with.
    package struct Parts: Sendable {
        /// The pieces.
        let store: PieceStore
        /// Who is told.
        let trust: TrustList
        /// Threads for disk work.
        let pool: BlockingPool
        /// How satellites are reached.
        let dialer: any RPCDialer
        /// The node's clock.
        let clock: WallClock
        /// The log.
        let logger: Logger
        /// Whether the disk itself can be read: a lost mount is no lost piece. Throws when it cannot.
        let checkDisk: @Sendable () async throws -> Void

        /// All parts.
        package init(
            store: PieceStore, trust: TrustList, pool: BlockingPool, dialer: any RPCDialer, clock: WallClock,
            logger: Logger, checkDisk: @escaping @Sendable () async throws -> Void = {}
        ) {
            self.store = store
            self.trust = trust
            self.pool = pool
            self.dialer = dialer
            self.clock = clock
            self.logger = logger
            self.checkDisk = checkDisk
        }
    }

    /// Pieces that one message names.
    package static let batchSize = 50
    /// Pieces that wait at most, about 150 bytes of memory each; others stay with their finder until there is room.
    package static let capacity = 16 << 10
    private static let suspectCapacity = 1024
    private static let firstPause = Duration.seconds(5)
    private static let longestPause = Duration.seconds(600)

    fileprivate struct State {
        var waiting: [NodeID: [LostPiece]] = [:]
        var ids: Set<LostPiece.ID> = []
        var suspects: Set<LostPiece.ID> = []
        /// Satellites that did not answer: when they are asked again, and the pause after that.
        var retries: [NodeID: (at: Timestamp, pause: Duration)] = [:]
        var summary = AmnestySummary()
    }

    private let parts: Parts
    private let journal: Mutex<LostPieceJournal>
    private let state = Mutex(State())
    private let wake = Mutex<@Sendable () -> Void>({})

    /// A reporter with what waited in `folder`, which must exist; blocks.
    ///
    /// - Throws: `PieceStoreError` when the disk fails.
    package init(parts: Parts, folder: String, fileSystem: any FileSystem = DiskFileSystem()) throws {
        self.parts = parts
        var journal = LostPieceJournal(folder: folder, fileSystem: fileSystem)
        let waiting = try journal.load()
        self.journal = Mutex(journal)
        state.withLock { $0.add(waiting) }
    }

    /// The recurring work: looks at suspicions, at logs that are gone, and sends what waits.
    package func makeCycle(interval: Duration, sleeper: Sleeper) -> Cycle {
        let cycle = Cycle(
            name: "lost pieces", interval: interval, startsImmediately: true, sleeper: sleeper, clock: parts.clock,
            logger: parts.logger, work: { [self] in try await work() })
        wake.withLock { $0 = { [weak cycle] in cycle?.trigger() } }
        return cycle
    }

    // MARK: What others find

    /// A read of a piece failed: it will be read again, and reported if it fails again. Never waits.
    package func suspect(satellite: NodeID, pieceID: PieceID) {
        let isNew = state.withLock { state in
            state.suspects.count < Self.suspectCapacity
                && state.suspects.insert(LostPiece.ID(satellite: satellite, pieceID: pieceID)).inserted
        }
        if isNew { wake.withLock { $0 }() }
    }

    /// Notes bad pieces durably and lets the store forget them, so that they are neither served nor in a copy's way.
    ///
    /// - Throws: `PieceStoreError` when the disk fails, or what says that the whole disk is away; nothing is reported then.
    package func report(_ bad: [BadPiece]) async throws {
        if bad.contains(where: { $0.fault != .rotten }) { try await parts.checkDisk() }
        let pieces = bad.map { LostPiece(satellite: $0.satellite, pieceID: $0.pieceID, fault: $0.fault) }
        let count = try await parts.pool.run { [self] in
            try journal.withLock { journal in
                let fresh = state.withLock { state in pieces.filter { !state.ids.contains($0.id) } }
                if fresh.isEmpty { return 0 }
                try journal.add(fresh)
                return state.withLock { state in
                    state.add(fresh)
                    return state.ids.count
                }
            }
        }
        for (satellite, pieces) in Dictionary(grouping: pieces, by: \.satellite) {
            _ = try await parts.store.discard(satellite: satellite, pieces: pieces.map(\.pieceID))
            parts.logger.error(
                "pieces are lost, their satellite is told",
                metadata: ["satellite": "\(satellite)", "count": "\(pieces.count)", "fault": "\(pieces[0].fault)"])
        }
        if count >= Self.batchSize { wake.withLock { $0 }() }
    }

    /// Whether a piece is bad and its satellite does not know yet.
    package func isWaiting(satellite: NodeID, pieceID: PieceID) -> Bool {
        state.withLock { $0.ids.contains(LostPiece.ID(satellite: satellite, pieceID: pieceID)) }
    }

    /// Whether finders should wait until satellites have acknowledged more.
    package var isFull: Bool { state.withLock { $0.ids.count >= Self.capacity } }

    /// What is waiting and what was told.
    package var summary: AmnestySummary {
        state.withLock { state in
            var summary = state.summary
            summary.waiting = state.ids.count
            return summary
        }
    }

    // MARK: Work

    /// Looks at suspicions, then at logs that are gone, and sends what waits and is due.
    package func work() async throws {
        try await examineSuspects()
        while !isFull {
            let lost = try await parts.store.lostPieces(limit: Self.capacity / 4)
            if lost.isEmpty { break }
            try await report(lost)
        }
        await send()
    }

    private func examineSuspects() async throws {
        while let suspect = state.withLock({ $0.suspects.popFirst() }) {
            let fault = try await parts.store.fault(satellite: suspect.satellite, pieceID: suspect.pieceID)
            guard let fault else { continue }
            try await report([BadPiece(satellite: suspect.satellite, pieceID: suspect.pieceID, fault: fault)])
        }
    }

    /// Sends what waits to every satellite that is due; one that fails does not keep others from being told.
    private func send() async {
        let now = parts.clock.now()
        for satellite in state.withLock({ $0.waiting.keys.sorted() }) {
            if let retry = state.withLock({ $0.retries[satellite] }), retry.at > now { continue }
            do {
                try await send(to: satellite)
                state.withLock { $0.retries[satellite] = nil }
            } catch {
                postpone(satellite, now, error)
            }
        }
    }

    private func send(to satellite: NodeID) async throws {
        guard let url = parts.trust.activeSatellites.first(where: { $0.id == satellite }) else {
            return try await acknowledge(state.withLock { $0.waiting[satellite] ?? [] })
        }
        while true {
            let batch = state.withLock { Array(($0.waiting[satellite] ?? []).prefix(Self.batchSize)) }
            if batch.isEmpty { return }
            let (bad, settled) = try await stillBad(batch)
            if !bad.isEmpty {
                let connection = try await parts.dialer.connect(to: url)
                _ = try await connection.call(NodeMethods.amnestyReport, Self.request(bad))
                let now = parts.clock.now()
                state.withLock { state in
                    state.summary.acknowledged += bad.count
                    state.summary.lastAcknowledged = now
                    state.summary.lastError = nil
                }
                parts.logger.notice(
                    "a satellite knows of lost pieces",
                    metadata: ["satellite": "\(satellite)", "count": "\(bad.count)"])
            }
            try await acknowledge(bad + settled)
        }
    }

    /// A crash may have come between note and discard, or a repaired copy between discard and acknowledgement: what the
    /// store has is read again.
    private func stillBad(_ batch: [LostPiece]) async throws -> (bad: [LostPiece], settled: [LostPiece]) {
        var bad: [LostPiece] = []
        var settled: [LostPiece] = []
        for piece in batch {
            guard parts.store.isStored(satellite: piece.satellite, pieceID: piece.pieceID) else {
                bad.append(piece)
                continue
            }
            if try await parts.store.fault(satellite: piece.satellite, pieceID: piece.pieceID) == nil {
                settled.append(piece)
            } else {
                _ = try await parts.store.discard(satellite: piece.satellite, pieces: [piece.pieceID])
                bad.append(piece)
            }
        }
        return (bad, settled)
    }

    private func acknowledge(_ pieces: [LostPiece]) async throws {
        try await parts.pool.run { [self] in
            try journal.withLock { journal in
                let known = Set(pieces.map(\.id))
                let isLast = state.withLock { $0.ids.isSubset(of: known) }
                try journal.remove(pieces, isLast: isLast)
                state.withLock { $0.remove(known) }
            }
        }
    }

    private func postpone(_ satellite: NodeID, _ now: Timestamp, _ error: any Error) {
        state.withLock { state in
            let pause = state.retries[satellite]?.pause ?? Self.firstPause
            state.retries[satellite] = (now.advanced(by: pause), min(pause * 2, Self.longestPause))
            state.summary.lastError = "\(error)"
        }
        parts.logger.warning(
            "a satellite could not be told of lost pieces, it is tried again",
            metadata: ["satellite": "\(satellite)", "error": "\(error)"])
    }

    private static func request(_ pieces: [LostPiece]) -> Node_AmnestyReportRequest {
        var request = Node_AmnestyReportRequest()
        request.pieces = pieces.map { piece in
            var lost = Node_LostPiece()
            lost.pieceID = .init(piece.pieceID.bytes)
            lost.reason = piece.fault == .rotten ? .hashMismatch : .readFailure
            return lost
        }
        return request
    }
}

/// What became of pieces that a node lost.
package struct AmnestySummary: Hashable, Sendable {
    /// Bad pieces whose satellites do not know of them yet.
    package var waiting = 0
    /// Bad pieces that satellites have acknowledged since the start.
    package var acknowledged = 0
    /// When the last of them was.
    package var lastAcknowledged: Timestamp?
    /// Why the newest report failed; nil when it did not.
    package var lastError: String?
}

extension AmnestyReporter.State {
    fileprivate mutating func add(_ pieces: [LostPiece]) {
        for piece in pieces where ids.insert(piece.id).inserted { waiting[piece.satellite, default: []].append(piece) }
    }

    fileprivate mutating func remove(_ known: Set<LostPiece.ID>) {
        ids.subtract(known)
        for satellite in Set(known.map(\.satellite)) {
            waiting[satellite]?.removeAll { known.contains($0.id) }
            if waiting[satellite]?.isEmpty ?? false { waiting[satellite] = nil }
        }
    }
}
