package import Chores
package import DRPC
package import Logging
package import PieceStore
package import StorageModel
import Synchronization
import WireMessages

/// Compares a satellite's books with the node's: what the satellite holds the node to and the store has not is a loss, and
/// is reported before anybody asks for it.
///
/// That is how a node whose disk was restored from a backup learns what is missing. It is done for the first commitment
/// after each start, and whenever a satellite claims more pieces than the node has. Only ids are read, 72 bytes a piece.
package final class CommittedSetCheck: Sendable {
    /// What the check works with.
    package struct Parts: Sendable {
        /// The pieces.
        let store: PieceStore
        /// Whose books are read.
        let trust: TrustList
        /// Whom losses are told to.
        let reporter: AmnestyReporter
        /// How satellites are reached.
        let dialer: any RPCDialer
        /// The log.
        let logger: Logger

        /// All parts.
        package init(
            store: PieceStore, trust: TrustList, reporter: AmnestyReporter, dialer: any RPCDialer, logger: Logger
        ) {
            self.store = store
            self.trust = trust
            self.reporter = reporter
            self.dialer = dialer
            self.logger = logger
        }
    }

    /// Bytes of a piece in the satellite's list: id, hash, size.
    static let recordSize = 72
    /// Losses that are reported at once.
    private static let batchSize = 1000

    private struct State {
        var waiting: [NodeID: UInt64] = [:]
        var checked: Set<NodeID> = []
    }

    private let parts: Parts
    private let state = Mutex(State())
    private let wake = Mutex<@Sendable () -> Void>({})

    /// A check that has compared nothing yet.
    package init(parts: Parts) { self.parts = parts }

    /// The recurring work; it is woken by commitments.
    package func makeCycle(sleeper: Sleeper, clock: WallClock) -> Cycle {
        let cycle = Cycle(
            name: "committed sets", interval: .seconds(600), sleeper: sleeper, clock: clock, logger: parts.logger,
            work: { [self] in try await work() })
        wake.withLock { $0 = { [weak cycle] in cycle?.trigger() } }
        return cycle
    }

    /// A commitment was signed.
    func noteCommitment(satellite: NodeID, period: UInt64, isClaimLarger: Bool) {
        let isDue = state.withLock { state in
            guard isClaimLarger || !state.checked.contains(satellite) else { return false }
            state.waiting[satellite] = period
            return true
        }
        if isDue { wake.withLock { $0 }() }
    }

    /// Compares what is due; a satellite that fails is asked again with the next commitment or in ten minutes.
    package func work() async throws {
        for (satellite, period) in state.withLock({ $0.waiting }) {
            guard let url = parts.trust.activeSatellites.first(where: { $0.id == satellite }) else { continue }
            let (compared, missing) = try await compare(url, period)
            state.withLock { state in
                if state.waiting[satellite] == period { state.waiting[satellite] = nil }
                state.checked.insert(satellite)
            }
            parts.logger.log(
                level: missing > 0 ? .error : .info, "a satellite's books were compared with this node's",
                metadata: ["satellite": "\(satellite)", "compared": "\(compared)", "missing": "\(missing)"])
        }
    }

    private func compare(_ satellite: NodeURL, _ period: UInt64) async throws -> (compared: Int, missing: Int) {
        let connection = try await parts.dialer.connect(to: satellite)
        var request = Heartbeat_GetCommittedRequest()
        request.period = period
        return try await connection.withStream(HeartbeatReportMethods.getCommitted) { stream in
            try await stream.send(request)
            stream.closeSend()
            var (compared, missing) = (0, 0)
            var rest: [UInt8] = []
            while let part = try await stream.receive() {
                rest += part.content
                let count = rest.count / Self.recordSize
                let lost = (0..<count).compactMap { self.lostPiece(rest, at: $0 * Self.recordSize, satellite.id) }
                rest.removeFirst(count * Self.recordSize)
                compared += count
                missing += lost.count
                for start in stride(from: 0, to: lost.count, by: Self.batchSize) {
                    try await self.report(Array(lost[start..<min(start + Self.batchSize, lost.count)]))
                }
            }
            return (compared, missing)
        }
    }

    private func lostPiece(_ bytes: [UInt8], at start: Int, _ satellite: NodeID) -> BadPiece? {
        guard let id = PieceID(Array(bytes[start..<start + PieceID.byteCount])),
            !parts.store.isStored(satellite: satellite, pieceID: id)
        else { return nil }
        return BadPiece(satellite: satellite, pieceID: id, fault: .lost)
    }

    private func report(_ lost: [BadPiece]) async throws {
        // What does not fit is found again by the next comparison.
        guard !parts.reporter.isFull else { throw RPCStatusError(.resourceExhausted, "too many losses wait to be told") }
        try await parts.reporter.report(lost)
    }
}
