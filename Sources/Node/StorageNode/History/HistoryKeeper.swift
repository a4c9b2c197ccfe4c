import Chores
import DRPC
import Logging
import PieceStore
import StorageModel
import Synchronization
import WireMessages

/// Looks at the node every few minutes, and asks satellites every hour what they think of it, for the history.
struct HistoryKeeper: Sendable {
    /// The pause between two looks.
    private static let lookInterval = Duration.seconds(120)
    /// The pause between two questions.
    private static let questionInterval = Duration.seconds(3600)

    let history: NodeHistory
    let store: PieceStore
    let trust: TrustList
    let dialer: any RPCDialer
    let logger: Logger
    /// Whether satellites reach the node now.
    let isReached: @Sendable () -> Bool

    /// The recurring work.
    func makeChores(sleeper: Sleeper, clock: WallClock) -> [Cycle] {
        let last = LastLook(clock.now())
        return [
            Cycle(
                name: "history", interval: Self.lookInterval, startsImmediately: true, sleeper: sleeper, clock: clock,
                logger: logger, finish: { try await look(last, clock.now()) }, work: { try await look(last, clock.now()) }),
            Cycle(
                name: "reputation", interval: Self.questionInterval, startsImmediately: true, sleeper: sleeper,
                clock: clock, logger: logger, work: { try await ask() }),
        ]
    }

    private func look(_ last: LastLook, _ now: Timestamp) async throws {
        // A clock that was set back adds nothing, a machine that slept adds one interval at most.
        let passed = last.replace(with: now).map { now.duration(since: $0) } ?? .zero
        let seconds = min(max(0, passed.components.seconds), 2 * Self.lookInterval.components.seconds)
        let rows = trust.satellites.map { satellite in
            let usage = store.usage(of: satellite.id)
            return SpaceRow(
                satellite: satellite.id, start: 0, byteHours: usage.contentBytes / 3600 * seconds, content: usage.contentBytes,
                live: usage.liveBytes, trash: usage.trashBytes, pieces: Int64(usage.livePieces))
        }
        try await history.add(rows, seconds: seconds, reached: isReached())
        try await history.flush()
    }

    /// Asks every satellite; one that fails does not keep others from being asked.
    func ask() async throws {
        for satellite in trust.activeSatellites {
            do {
                let connection = try await dialer.connect(to: satellite)
                let answer = try await connection.call(NodeStatsMethods.getStats, NodeStats_GetStatsRequest())
                try await history.keep(try ReputationRow(answer, of: satellite.id, at: history.clock.now()))
            } catch {
                try Task.checkCancellation()
                logger.debug(
                    "a satellite did not say what it thinks of this node",
                    metadata: ["satellite": "\(satellite.id)", "error": "\(error)"])
            }
        }
    }
}

/// When the node was last looked at.
private final class LastLook: Sendable {
    private let moment: Mutex<Timestamp?>

    init(_ moment: Timestamp) { self.moment = Mutex(moment) }

    func replace(with now: Timestamp) -> Timestamp? {
        moment.withLock { moment in
            defer { moment = now }
            return moment
        }
    }
}

extension ReputationRow {
    /// A satellite's answer, of which nothing is believed that is not a number between 0 and 1.
    fileprivate init(_ answer: NodeStats_GetStatsResponse, of satellite: NodeID, at now: Timestamp) throws {
        self.init(satellite: satellite, start: HistorySpan.day.start(of: now), askedAt: now)
        let check = answer.auditCheck
        audits = max(0, check.totalCount)
        successes = max(0, check.successCount)
        auditScore = Self.millionths(check.reputationScore)
        unknownScore = Self.millionths(check.unknownReputationScore)
        onlineScore = Self.millionths(answer.onlineScore)
        joinedAt = try Wire_Timestamp.value(answer.hasJoinedAt ? answer.joinedAt : nil)
        vettedAt = try Wire_Timestamp.value(answer.hasVettedAt ? answer.vettedAt : nil)
        suspendedAt = try Wire_Timestamp.value(answer.hasSuspended ? answer.suspended : nil)
        offlineSuspendedAt = try Wire_Timestamp.value(answer.hasOfflineSuspended ? answer.offlineSuspended : nil)
        underReviewAt = try Wire_Timestamp.value(answer.hasOfflineUnderReview ? answer.offlineUnderReview : nil)
        disqualifiedAt = try Wire_Timestamp.value(answer.hasDisqualified ? answer.disqualified : nil)
    }

    private static func millionths(_ score: Double) -> Int64 {
        score.isFinite ? Int64((min(max(score, 0), 1) * 1_000_000).rounded()) : 0
    }
}
