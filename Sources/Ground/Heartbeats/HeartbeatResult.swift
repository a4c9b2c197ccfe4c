package import StorageModel

/// One farmer's line in a period's report.
///
/// - Source: economy design §5.4.
package struct HeartbeatResult: Hashable, Sendable {
    /// The farmer's node.
    package var node: NodeID
    /// What the farmer answers under: an agreement's id, or that of what stands in its place.
    package var agreement: Bytes32
    /// The period's number.
    package var period: UInt64
    /// How many samples were asked for.
    package var sampleCount: UInt32
    /// What the node had to hold.
    package var holding: HeartbeatHolding
    /// The node's signature under its commitment; empty when it never signed, and was asked all the same.
    package var commitmentSignature: [UInt8]
    /// What the samples derived from; zero when there was no beacon.
    package var seed: Bytes32
    /// What came of it.
    package var verdict: HeartbeatVerdict
    /// `EvidenceBundle.digest`; zero when there was no answer.
    package var evidenceDigest: Bytes32
    /// What the period earned, in base units of the token; 0 where nothing is paid.
    package var amount: UInt64

    /// A line of its parts.
    package init(
        commitment: HeartbeatCommitment, seed: Bytes32, verdict: HeartbeatVerdict, evidenceDigest: Bytes32,
        amount: UInt64
    ) {
        node = commitment.node
        agreement = commitment.agreement
        period = commitment.period.number
        sampleCount = commitment.sampleCount
        holding = commitment.holding
        commitmentSignature = commitment.signature
        self.seed = seed
        self.verdict = verdict
        self.evidenceDigest = evidenceDigest
        self.amount = amount
    }

    /// The challenge behind the line.
    package var challenge: Challenge {
        Challenge(seed: seed, total: holding.root.sum, sampleCount: max(1, Int(sampleCount)))
    }

    /// What the node was asked to sign, and its signature if it did.
    package func commitment(in period: HeartbeatPeriod) -> HeartbeatCommitment {
        HeartbeatCommitment(
            period: period, node: node, agreement: agreement, sampleCount: sampleCount, holding: holding,
            signature: commitmentSignature)
    }

    /// The bytes that the report's tree hashes.
    package var encoded: [UInt8] {
        var bytes = node.bytes + agreement.bytes
        bytes.append(bigEndian: period)
        bytes.append(bigEndian: sampleCount)
        bytes += holding.encoded
        bytes += seed.bytes
        let (code, sample, objection) = verdict.code
        bytes.append(code)
        bytes.append(bigEndian: sample)
        bytes.append(objection)
        bytes += evidenceDigest.bytes
        bytes.append(bigEndian: amount)
        bytes.append(UInt8(clamping: commitmentSignature.count))
        return bytes + commitmentSignature.prefix(Int(UInt8.max))
    }

    /// Parses a line.
    ///
    /// - Throws: `malformed`, also for bytes left over.
    package init(encoded: some Collection<UInt8>) throws(HeartbeatError) {
        var reader = ByteReader(encoded)
        guard let line = HeartbeatResult(&reader), reader.isAtEnd else { throw .malformed("heartbeat result") }
        self = line
    }

    /// Parses the next line; nil when it is none.
    init?(_ reader: inout ByteReader) {
        guard let node = reader.hash(), let agreement = reader.hash(), let period = reader.integer(UInt64.self),
            let sampleCount = reader.integer(UInt32.self),
            (1...UInt32(HeartbeatProof.maximumSampleCount)).contains(sampleCount),
            let holding = HeartbeatHolding(&reader), let seed = reader.hash(),
            let code = reader.integer(UInt8.self), let sample = reader.integer(UInt32.self),
            let objection = reader.integer(UInt8.self),
            let verdict = HeartbeatVerdict(code: code, sample: sample, objection: objection),
            let digest = reader.hash(), let amount = reader.integer(UInt64.self),
            let size = reader.integer(UInt8.self), let signature = reader.bytes(Int(size))
        else { return nil }
        self.node = NodeID(storage: node)
        self.agreement = agreement
        self.period = period
        self.sampleCount = sampleCount
        self.holding = holding
        self.seed = seed
        self.verdict = verdict
        self.amount = amount
        evidenceDigest = digest
        commitmentSignature = signature
    }
}
