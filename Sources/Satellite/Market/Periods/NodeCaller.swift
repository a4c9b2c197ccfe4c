import Chores
import DRPC
import Foundation
import Heartbeats
import Identity
import StorageModel
import WireMessages

/// Speaks to one node about its heartbeat.
struct NodeCaller: Sendable {
    /// What a node answered to a challenge, before it is judged.
    struct Answer: Sendable {
        let chunk: ChunkAnswer
        let attestation: Attestation
        let fault: Heartbeat_SampleAnswer.Fault
    }

    /// A chunk with its path, within the bounds of a proof.
    struct ChunkAnswer: Sendable {
        let bytes: [UInt8]
        let siblings: [Bytes32]
    }

    let dialer: any RPCDialer
    let sleeper: Sleeper
    let timeout: Duration

    /// Lets a node sign.
    ///
    /// - Parameter identity: the node's identity as the overlay knows it, for transports without certificates.
    /// - Returns: the answer and the certificates that the signature fits.
    /// - Throws: `MarketError.wrongSignature`, and whatever a call throws.
    func commit(
        _ commitment: HeartbeatCommitment, at node: NodeURL, identity: PeerIdentity?
    ) async throws -> (response: Heartbeat_CommitResponse, chain: [UInt8]) {
        try await sleeper.limit(to: timeout) {
            let connection = try await dialer.connect(to: node)
            let response = try await connection.call(HeartbeatMethods.commit, commitment.request)
            let signed = commitment.signed(Array(response.signature))
            guard let peer = connection.peer ?? identity, signed.isSigned(by: peer) else {
                throw MarketError.wrongSignature
            }
            return (response, peer.concatenated)
        }
    }

    /// Asks a node for its samples.
    ///
    /// - Returns: an answer for every sample; an empty one where the node gave none, or one that is no proof.
    /// - Throws: whatever a call throws: then nothing is known of the node, and it is asked again.
    func challenge(_ request: Heartbeat_ChallengeRequest, at node: NodeURL) async throws -> [Answer] {
        try await sleeper.limit(to: timeout) {
            let connection = try await dialer.connect(to: node)
            return try await connection.withStream(HeartbeatMethods.challenge) { stream in
                try await stream.send(request)
                stream.closeSend()
                var answers = [Answer?](repeating: nil, count: request.samples.count)
                var messages = 0
                while let response = try await stream.receive() {
                    messages += 1
                    // More messages than samples are no answer; nobody waits for the end of it.
                    guard messages <= request.samples.count + 1 else { break }
                    for answer in response.answers where answers.indices.contains(Int(answer.number)) {
                        if answers[Int(answer.number)] == nil { answers[Int(answer.number)] = Self.parse(answer) }
                    }
                }
                return answers.map { $0 ?? Self.none }
            }
        }
    }

    private static let none = Answer(
        chunk: ChunkAnswer(bytes: [], siblings: []), attestation: Attestation(), fault: .notFound)

    private static func parse(_ answer: Heartbeat_SampleAnswer) -> Answer {
        let siblings = siblings(Array(answer.siblings))
        let isSound = answer.chunk.count <= 1024 && siblings != nil
        return Answer(
            chunk: ChunkAnswer(bytes: isSound ? Array(answer.chunk) : [], siblings: isSound ? siblings ?? [] : []),
            attestation: Attestation(pieceHash: Array(answer.pieceHash), orderLimit: Array(answer.orderLimit)),
            fault: answer.fault)
    }

    /// The chaining values; nil for half ones, and for more than any path has.
    private static func siblings(_ bytes: [UInt8]) -> [Bytes32]? {
        let size = Bytes32.byteCount
        guard bytes.count % size == 0, bytes.count / size <= SetPath.maximumLength else { return nil }
        return stride(from: 0, to: bytes.count, by: size).compactMap { Bytes32(bytes[$0..<$0 + size]) }
    }
}
