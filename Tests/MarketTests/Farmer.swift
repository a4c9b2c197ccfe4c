import Blake3
import DRPC
import Foundation
import Heartbeats
import Identity
import StorageModel
import Synchronization
import WireMessages

/// A node that answers heartbeats from pieces in memory, honestly or as a test wants it.
final class Farmer: Sendable {
    struct Piece: Sendable {
        var content: [UInt8]
        var attestation: Attestation
    }

    /// Changes an honest answer; nil says nothing at all.
    typealias Lie = @Sendable (Heartbeat_Sample, Heartbeat_SampleAnswer) -> Heartbeat_SampleAnswer?

    private struct State {
        var pieces: [PieceID: Piece] = [:]
        var lie: Lie?
        var refusal: RPCStatusError?
        var isSigning = true
        var commitments: [Heartbeat_CommitRequest] = []
        var challenges: [Heartbeat_ChallengeRequest] = []
        var answers: [[UInt8]: Heartbeat_SampleAnswer] = [:]
    }

    let identity: NodeIdentity
    let address: String
    private let network: InProcessNetwork
    private let state = Mutex(State())

    init(identity: NodeIdentity, address: String, in network: InProcessNetwork) {
        self.identity = identity
        self.address = address
        self.network = network
    }

    var id: NodeID { identity.id }
    var pieces: [PieceID: Piece] { state.withLock { $0.pieces } }
    /// What it was asked to sign, oldest first.
    var commitments: [Heartbeat_CommitRequest] { state.withLock { $0.commitments } }
    /// What it was asked for, oldest first.
    var challenges: [Heartbeat_ChallengeRequest] { state.withLock { $0.challenges } }

    func keep(_ id: PieceID, _ piece: Piece) { state.withLock { $0.pieces[id] = piece } }
    func lose(_ ids: some Sequence<PieceID>) { state.withLock { for id in ids { $0.pieces[id] = nil } } }
    func lie(_ lie: Lie?) { state.withLock { $0.lie = lie } }
    func refuse(_ status: RPCStatusError?) { state.withLock { $0.refusal = status } }
    func refuseToSign() { state.withLock { $0.isSigning = false } }

    /// Throws all pieces away and keeps only the answers it has given.
    func keepOnlyAnswers() {
        state.withLock { state in
            let answers = state.answers
            state.pieces = [:]
            state.lie = { sample, _ in
                var answer = answers[Self.key(sample)] ?? Heartbeat_SampleAnswer()
                answer.number = sample.number
                return answer
            }
        }
    }

    func stop() { network.unregister(address: address) }

    /// - Parameter more: what else the node answers.
    func start(_ more: (inout RPCRouter) -> Void = { _ in }) {
        var router = RPCRouter()
        more(&router)
        router.unary(ContactMethods.pingNode) { _, _ in Node_ContactPingResponse() }
        router.unary(HeartbeatMethods.commit) { request, context in try self.commit(request, context) }
        router.stream(HeartbeatMethods.challenge) { stream, _ in
            guard let request = try await stream.receive() else { return }
            for batch in try self.answer(request) { try await stream.send(batch) }
        }
        network.register(router, identity: identity.peer, address: address)
    }

    private func commit(
        _ request: Heartbeat_CommitRequest, _ context: RPCContext
    ) throws -> Heartbeat_CommitResponse {
        let isSigning = state.withLock { state in
            state.commitments.append(request)
            return state.isSigning
        }
        guard isSigning, let peer = context.peer else { throw RPCStatusError(.failedPrecondition, "not signed") }
        let commitment = try HeartbeatCommitment(request, satellite: peer.id, node: id)
        var response = Heartbeat_CommitResponse()
        response.signature = Data(commitment.signed(by: identity).signature)
        response.pieceCount = UInt64(pieces.count)
        return response
    }

    private func answer(_ request: Heartbeat_ChallengeRequest) throws -> [Heartbeat_ChallengeResponse] {
        let (refusal, lie) = state.withLock { state in
            state.challenges.append(request)
            return (state.refusal, state.lie)
        }
        if let refusal { throw refusal }
        var responses: [Heartbeat_ChallengeResponse] = []
        for sample in request.samples {
            let honest = honest(sample)
            state.withLock { $0.answers[Self.key(sample)] = honest }
            guard let answer = lie.map({ $0(sample, honest) }) ?? honest else { continue }
            var response = Heartbeat_ChallengeResponse()
            response.answers = [answer]
            responses.append(response)
        }
        return responses
    }

    private static func key(_ sample: Heartbeat_Sample) -> [UInt8] { Array(sample.pieceID) + Array("\(sample.chunk)".utf8) }

    /// The true answer of whoever has the piece.
    func honest(_ sample: Heartbeat_Sample) -> Heartbeat_SampleAnswer {
        var answer = Heartbeat_SampleAnswer()
        answer.number = sample.number
        guard let id = PieceID(sample.pieceID), let piece = pieces[id],
            let proof = Self.proof(piece.content, chunk: Int64(sample.chunk))
        else {
            answer.fault = .notFound
            return answer
        }
        answer.chunk = Data(proof.chunk)
        answer.siblings = Data(proof.siblings.flatMap(\.bytes))
        answer.pieceHash = Data(piece.attestation.pieceHash)
        answer.orderLimit = Data(piece.attestation.orderLimit)
        return answer
    }

    static func proof(_ content: [UInt8], chunk: Int64) -> ChunkProof? {
        let size = Int64(content.count)
        guard let group = Blake3Tree.groupRange(chunk: chunk, size: size) else { return nil }
        var hasher = Blake3Hasher(collectingGroups: true)
        hasher.update(content)
        return try? ChunkProof.make(
            chunk: chunk, size: size, group: Array(content[Int(group.lowerBound)..<Int(group.upperBound)]),
            groupValues: size <= Blake3Tree.groupSize ? [] : hasher.groupValues())
    }
}
