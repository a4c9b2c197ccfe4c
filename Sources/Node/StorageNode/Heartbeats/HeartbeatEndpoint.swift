package import DRPC
import Heartbeats
package import Identity
package import Logging
package import PieceStore
package import StorageModel
import WireMessages

/// Lets trusted satellites fix what the node must have in a period, and shows them chunks of it.
///
/// A commitment is signed once for a period; a challenge is answered only to the secret that was agreed to.
package struct HeartbeatEndpoint: Sendable {
    /// What the endpoint works with.
    package struct Parts: Sendable {
        /// Who signs.
        let identity: NodeIdentity
        /// The pieces.
        let store: PieceStore
        /// Who may ask.
        let trust: TrustList
        /// Whom bad pieces are told to.
        let reporter: AmnestyReporter
        /// The node's clock.
        let clock: WallClock
        /// The log.
        let logger: Logger
        /// What compares the satellite's books with the node's; nil compares nothing.
        package var check: CommittedSetCheck?
        /// Where it is noted what the node answered for; nil notes it nowhere.
        package var book: FarmBook?

        /// All parts that an endpoint cannot do without.
        package init(
            identity: NodeIdentity, store: PieceStore, trust: TrustList, reporter: AmnestyReporter, clock: WallClock,
            logger: Logger
        ) {
            self.identity = identity
            self.store = store
            self.trust = trust
            self.reporter = reporter
            self.clock = clock
            self.logger = logger
        }
    }

    /// How far apart the clocks of satellite and node may be.
    static let clockTolerance = Duration.seconds(2 * 3600)
    /// Answers that one message holds, about 2.5 KiB each.
    private static let batchSize = 16

    private let parts: Parts
    private let pledges: HeartbeatPledges
    private let answerer: HeartbeatAnswerer
    private let slots: UploadSlots

    /// An endpoint over its parts.
    ///
    /// - Parameter maximumChallenges: how many are answered at the same time.
    package init(parts: Parts, pledges: HeartbeatPledges, maximumChallenges: Int) {
        self.parts = parts
        self.pledges = pledges
        answerer = HeartbeatAnswerer(store: parts.store, reporter: parts.reporter)
        slots = UploadSlots(maximum: maximumChallenges)
    }

    /// Makes the endpoint known to a router.
    package func register(in router: inout RPCRouter) {
        router.unary(HeartbeatMethods.commit) { request, context in
            try await commit(request, satellite: try caller(context))
        }
        router.stream(HeartbeatMethods.challenge) { stream, context in
            let satellite = try caller(context)
            guard let request = try await stream.receive() else {
                throw RPCStatusError(.invalidArgument, "expected a challenge")
            }
            try await answer(request, satellite: satellite, stream)
        }
    }

    private func caller(_ context: RPCContext) throws(RPCStatusError) -> NodeID {
        guard let peer = context.peer else { throw RPCStatusError(.unauthenticated, "a satellite needs an identity") }
        guard parts.trust.isTrusted(peer.id) else {
            throw RPCStatusError(.permissionDenied, "satellite \(peer.id) is not trusted")
        }
        return peer.id
    }

    // MARK: Commit

    private func commit(_ request: Heartbeat_CommitRequest, satellite: NodeID) async throws -> Heartbeat_CommitResponse {
        let commitment: HeartbeatCommitment
        do {
            commitment = try HeartbeatCommitment(request, satellite: satellite, node: parts.identity.id)
        } catch {
            throw RPCStatusError(.invalidArgument, "\(error)")
        }
        guard commitment.agreement == Beacon.agreement(satellite: satellite, node: parts.identity.id) else {
            throw RPCStatusError(.failedPrecondition, "there is no such agreement with this node")
        }
        let now = parts.clock.now()
        guard commitment.period.end.advanced(by: Self.clockTolerance) > now,
            commitment.period.asOf < now.advanced(by: Self.clockTolerance)
        else { throw RPCStatusError(.failedPrecondition, "the period is over, or the set is of the future; it is \(now) here") }
        guard try await pledges.remember(commitment) else {
            throw RPCStatusError(.failedPrecondition, "another commitment was signed for this period")
        }
        try await parts.book?.note(commitment)
        let usage = parts.store.usage(of: satellite)
        let claimed = commitment.holding.pieceCount.addingReportingOverflow(commitment.holding.unprovablePieceCount)
        let isClaimLarger = claimed.overflow || claimed.partialValue > UInt64(usage.livePieces + usage.trashPieces)
        parts.check?.noteCommitment(
            satellite: satellite, period: commitment.period.number, isClaimLarger: isClaimLarger)
        if isClaimLarger {
            parts.logger.warning(
                "a satellite's books have more pieces than this node",
                metadata: [
                    "satellite": "\(satellite)", "claimed": "\(claimed.partialValue)",
                    "stored": "\(usage.livePieces)", "trashed": "\(usage.trashPieces)",
                ])
        }
        var response = Heartbeat_CommitResponse()
        response.signature = .init(commitment.signed(by: parts.identity).signature)
        response.pieceCount = UInt64(usage.livePieces)
        response.byteCount = UInt64(usage.contentBytes)
        return response
    }

    // MARK: Challenge

    private func answer(
        _ request: Heartbeat_ChallengeRequest, satellite: NodeID,
        _ stream: RPCServerStream<Heartbeat_ChallengeRequest, Heartbeat_ChallengeResponse>
    ) async throws {
        let samples = try validated(request, satellite: satellite)
        guard slots.take() else { throw RPCStatusError(.unavailable, "other challenges are being answered") }
        defer { slots.release() }
        var response = Heartbeat_ChallengeResponse()
        var shown = 0
        for (sample, pieceID) in samples {
            // One at a time: downloads come first, and a challenge is a few reads of 16 KiB.
            let answer = try await answerer.answer(sample, pieceID: pieceID, satellite: satellite)
            if !answer.chunk.isEmpty { shown += 1 }
            response.answers.append(answer)
            if response.answers.count == Self.batchSize {
                try await stream.send(response)
                response = Heartbeat_ChallengeResponse()
            }
        }
        if !response.answers.isEmpty { try await stream.send(response) }
        try await note(shown: shown, of: samples.count, period: request.period, satellite: satellite)
    }

    /// Notes that everything was shown: whoever says something else of the period later is contradicted.
    private func note(shown: Int, of count: Int, period: UInt64, satellite: NodeID) async throws {
        guard let book = parts.book, let pledge = pledges.pledge(satellite: satellite, period: period), shown == count,
            shown >= pledge.sampleCount
        else { return }
        try await book.noteAnswer(satellite: satellite, period: period, at: parts.clock.now())
    }

    /// The samples of a challenge that may be answered.
    private func validated(
        _ request: Heartbeat_ChallengeRequest, satellite: NodeID
    ) throws -> [(sample: Heartbeat_Sample, pieceID: PieceID)] {
        guard let secret = Bytes32(Array(request.secret)) else {
            throw RPCStatusError(.invalidArgument, "a secret has 32 bytes")
        }
        let pledge = pledges.pledge(satellite: satellite, period: request.period)
        let limit = pledge.map { Int($0.sampleCount) } ?? HeartbeatProof.maximumSampleCount
        guard request.samples.count <= limit else {
            throw RPCStatusError(.invalidArgument, "\(request.samples.count) samples are more than the \(limit) agreed to")
        }
        if let pledge {
            guard Beacon.secretHash(secret).bytes == pledge.secretHash else {
                // It could have been chosen to suit somebody.
                throw RPCStatusError(.failedPrecondition, "the secret is not the one agreed to")
            }
            guard Timestamp(microseconds: pledge.end).advanced(by: Self.clockTolerance) > parts.clock.now() else {
                throw RPCStatusError(.failedPrecondition, "the period is over")
            }
        }
        guard Set(request.samples.map(\.number)).count == request.samples.count else {
            throw RPCStatusError(.invalidArgument, "two samples have one number")
        }
        return try request.samples.map { sample in
            guard let pieceID = PieceID(Array(sample.pieceID)) else {
                throw RPCStatusError(.invalidArgument, "a piece's id has 32 bytes")
            }
            return (sample, pieceID)
        }
    }
}
