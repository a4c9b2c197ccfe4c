import Blake3
import Heartbeats
import Identity
import Orders
import StorageModel
import TestSupport
import WireMessages

/// A whole period of a few farmers, from the commitments to the signed report, with the evidence.
struct ReportedPeriod {
    static let secret = Bytes32(words: [9, 8, 7, 6])

    let satellite: NodeIdentity
    let nodes: [NodeIdentity]
    let farms: [Farm]
    let report: HeartbeatReport
    let evidence: [NodeID: EvidenceBundle]

    /// - Parameters:
    ///   - losing: farmers, by index, whose disk answers zeros.
    ///   - action: how the pieces were written.
    init(
        nodeCount: Int = 3, samples: UInt32 = 12, losing: Set<Int> = [], action: PieceAction = .put,
        start: Timestamp = Timestamp(microseconds: 1_767_225_600_000_000)
    ) async throws {
        let random = RandomSource.seeded(11)
        let satellite = NodeIdentity.generate(random: random)
        let nodes = (0..<nodeCount).map { _ in NodeIdentity.generate(random: random) }.sorted { $0.id < $1.id }
        var farms: [Farm] = []
        for index in 0..<nodeCount { farms.append(try Farm(sizes: [700, 5000, 40_000], seed: UInt64(index + 1))) }
        let period = HeartbeatPeriod(
            satellite: satellite.id, number: 4, start: start, end: start.advanced(by: .seconds(3600)), asOf: start,
            secretHash: Beacon.secretHash(Self.secret))
        let commitments = zip(nodes, farms).map { node, farm in
            HeartbeatCommitment(
                period: period, node: node.id, agreement: Beacon.agreement(satellite: satellite.id, node: node.id),
                sampleCount: samples, holding: farm.holding
            ).signed(by: node)
        }
        let beacon = Beacon.make(secret: Self.secret, commitmentsRoot: Beacon.commitmentsRoot(commitments))
        var evidence: [NodeID: EvidenceBundle] = [:]
        var lines: [HeartbeatResult] = []
        for index in nodes.indices {
            let commitment = commitments[index]
            let challenge = Challenge(
                beacon: beacon, agreement: commitment.agreement, period: period.number,
                total: commitment.holding.root.sum, sampleCount: Int(samples))
            if losing.contains(index) { farms[index].contents = [:] }
            let proof = try await farms[index].answer(challenge)
            let key = PieceKey.generate(random: random)
            let attestations = try proof.samples.map {
                try Self.attestation($0.piece, key: key, node: nodes[index].id, satellite: satellite, action: action, at: start)
            }
            let bundle = EvidenceBundle(
                nodeChain: nodes[index].peer.concatenated, proof: proof, attestations: attestations)
            evidence[nodes[index].id] = bundle
            lines.append(
                HeartbeatResult(
                    commitment: commitment, seed: challenge.seed,
                    verdict: .judge(proof, challenge: challenge, root: commitment.holding.root),
                    evidenceDigest: bundle.digest, amount: 0))
        }
        self.satellite = satellite
        self.nodes = nodes
        self.farms = farms
        self.evidence = evidence
        report = HeartbeatReport(
            satelliteChain: satellite.peer.concatenated, period: period, secret: Self.secret, results: lines,
            uncovered: [UncoveredNode(node: NodeID.random(using: random), pieceCount: 3, byteCount: 9999)]
        ).signed(by: satellite)
    }

    static func attestation(
        _ piece: CommittedPiece, key: PieceKey, node: NodeID, satellite: NodeIdentity, action: PieceAction,
        at time: Timestamp
    ) throws -> Attestation {
        let limit = OrderLimit(
            serialNumber: SerialNumber(), satelliteID: satellite.id, storageNodeID: node, pieceID: piece.id,
            limit: piece.size, action: action, orderExpiration: time.advanced(by: .seconds(3600)), orderCreation: time,
            uplinkPublicKey: key.publicKey
        ).signed(by: satellite)
        let hash = key.sign(
            PieceHash(
                pieceID: piece.id, hash: piece.hash.bytes, pieceSize: piece.size, timestamp: time,
                hashAlgorithm: .blake3))
        return Attestation(pieceHash: hash.encoded, orderLimit: limit.encoded)
    }
}
