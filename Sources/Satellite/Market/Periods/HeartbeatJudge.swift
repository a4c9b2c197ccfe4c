import Blake3
import Foundation
import Heartbeats
import Identity
import Logging
import StorageModel
import WireMessages

/// Challenges one node and judges what it answers.
struct HeartbeatJudge: Sendable {
    /// What came of a challenge.
    struct Judgement: Sendable {
        let verdict: HeartbeatVerdict
        /// Nil when the fault is the satellite's.
        let evidence: EvidenceBundle?
        let trust: [SampleTrust]
        /// Pieces that were not shown.
        var missing: Set<PieceID> = []
    }

    let caller: NodeCaller
    let folder: HeartbeatFolder
    let satellite: PeerIdentity
    let logger: Logger

    /// Asks a node for the chunks that follow from the beacon.
    ///
    /// - Throws: what a call throws, and `MarketError.readFailure`: then the node is asked again.
    @concurrent
    func judge(_ row: NodeHeartbeat, in period: PeriodRecord, at node: NodeURL) async throws -> Judgement {
        guard let beacon = period.beacon, let root = period.commitmentsRoot else {
            return Judgement(verdict: .void, evidence: nil, trust: [])
        }
        let challenge = Self.challenge(row, period, beacon: beacon, satellite: satellite.id)
        let asked: [AskedSample]
        do {
            asked = try AskedSample.find(
                challenge, in: folder.set(row.node, period: row.period), root: row.holding.root)
        } catch {
            // The satellite cannot find what it asks for: no fault of the node's.
            logger.error(
                "a committed set cannot be read",
                metadata: ["node_id": "\(row.node)", "period": "\(row.period)", "error": "\(error)"])
            return Judgement(verdict: .void, evidence: nil, trust: [])
        }
        var request = Heartbeat_ChallengeRequest()
        request.period = period.number
        request.secret = Data(period.secret.bytes)
        request.commitmentsRoot = Data(root.bytes)
        request.samples = asked.enumerated().map { index, sample in
            var wire = Heartbeat_Sample()
            wire.number = UInt32(index)
            wire.pieceID = Data(sample.piece.id.bytes)
            wire.chunk = UInt64(sample.chunk)
            return wire
        }
        let answers = try await caller.challenge(request, at: node)
        if answers.contains(where: { $0.fault == .readFailure }) { throw MarketError.readFailure }
        return judge(answers, to: asked, challenge, row)
    }

    static func challenge(
        _ row: NodeHeartbeat, _ period: PeriodRecord, beacon: Bytes32, satellite: NodeID
    ) -> Challenge {
        Challenge(
            beacon: beacon, agreement: Beacon.agreement(satellite: satellite, node: row.node), period: period.number,
            total: row.holding.root.sum, sampleCount: Int(period.sampleCount))
    }

    private func judge(
        _ answers: [NodeCaller.Answer], to asked: [AskedSample], _ challenge: Challenge, _ row: NodeHeartbeat
    ) -> Judgement {
        let proof = HeartbeatProof(
            samples: zip(asked, answers).map { asked, answer in
                SampleProof(
                    piece: asked.piece, path: asked.path,
                    chunk: ChunkProof(chunk: answer.chunk.bytes, siblings: answer.chunk.siblings))
            })
        let verdict = HeartbeatVerdict.judge(proof, challenge: challenge, root: row.holding.root)
        if case .failed(let index, .otherContent) = verdict, answers.indices.contains(index),
            answers[index].attestation.contradictsRecords(
                proof.samples[index].chunk, index: asked[index].chunk, of: asked[index].piece.id, node: row.node,
                satellite: satellite)
        {
            // The uploader signed something else than the satellite's records say.
            logger.error(
                "the uploader's hash of a piece is not the recorded one",
                metadata: ["node_id": "\(row.node)", "piece": "\(asked[index].piece.id)"])
            return Judgement(verdict: .void, evidence: nil, trust: [])
        }
        let trust = zip(asked, answers).map { asked, answer in
            answer.attestation.trust(in: asked.piece, node: row.node, satellite: satellite)
        }
        let evidence = EvidenceBundle(
            nodeChain: row.chain ?? [], proof: proof, attestations: answers.map(\.attestation))
        var missing: Set<PieceID> = []
        if case .failed = verdict {
            for (chunk, sample) in zip(challenge.chunks, proof.samples)
            where sample.objection(chunk: chunk, root: row.holding.root) != nil { missing.insert(sample.piece.id) }
        }
        return Judgement(verdict: verdict, evidence: evidence, trust: trust, missing: missing)
    }
}
