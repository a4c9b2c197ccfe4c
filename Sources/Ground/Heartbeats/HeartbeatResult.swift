package import StorageModel

/// One farmer's line in a period's report.
///
/// - Source: economy design §5.4.
package struct HeartbeatResult: Hashable, Sendable {
    /// What the farmer answers under: an agreement's id, or that of what stands in its place.
    package var agreement: Bytes32
    /// The farmer's node.
    package var node: NodeID
    /// The period's number.
    package var period: UInt64
    /// What both sides had committed to.
    package var root: SumNode
    /// What the samples derived from.
    package var seed: Bytes32
    /// How many samples were asked for.
    package var sampleCount: UInt32
    /// What came of it.
    package var verdict: HeartbeatVerdict
    /// `HeartbeatProof.digest`; zero when there was no answer.
    package var proofDigest: Bytes32
    /// Bytes of the committed pieces.
    package var byteCount: UInt64
    /// Bytes of pieces that cannot be proven this way, covered by stripe audits.
    package var unprovableByteCount: UInt64
    /// What the period earned, in base units of the token; 0 where nothing is paid.
    package var amount: UInt64

    /// A line of its parts.
    package init(
        agreement: Bytes32, node: NodeID, period: UInt64, root: SumNode, seed: Bytes32, sampleCount: UInt32,
        verdict: HeartbeatVerdict, proofDigest: Bytes32, byteCount: UInt64, unprovableByteCount: UInt64,
        amount: UInt64
    ) {
        self.agreement = agreement
        self.node = node
        self.period = period
        self.root = root
        self.seed = seed
        self.sampleCount = sampleCount
        self.verdict = verdict
        self.proofDigest = proofDigest
        self.byteCount = byteCount
        self.unprovableByteCount = unprovableByteCount
        self.amount = amount
    }

    /// The challenge behind the line.
    package var challenge: Challenge {
        Challenge(seed: seed, total: root.sum, sampleCount: max(1, Int(sampleCount)))
    }

    /// The bytes that the report's tree hashes.
    package var encoded: [UInt8] {
        var bytes = agreement.bytes + node.bytes
        bytes.append(bigEndian: period)
        bytes += root.hash.bytes
        bytes.append(bigEndian: root.sum)
        bytes += seed.bytes
        bytes.append(bigEndian: sampleCount)
        let (code, sample, objection) = verdict.code
        bytes.append(code)
        bytes.append(bigEndian: sample)
        bytes.append(objection)
        bytes += proofDigest.bytes
        bytes.append(bigEndian: byteCount)
        bytes.append(bigEndian: unprovableByteCount)
        bytes.append(bigEndian: amount)
        return bytes
    }

    /// Bytes of every encoded line.
    package static let encodedSize = 210

    /// Parses `encodedSize` bytes.
    ///
    /// - Throws: `malformed`.
    package init(encoded: some Collection<UInt8>) throws(HeartbeatError) {
        var reader = ByteReader(encoded)
        guard let agreement = reader.hash(), let node = reader.hash(), let period = reader.integer(UInt64.self),
            let root = reader.hash(), let total = reader.integer(UInt64.self), let seed = reader.hash(),
            let sampleCount = reader.integer(UInt32.self), let code = reader.integer(UInt8.self),
            let sample = reader.integer(UInt32.self), let objection = reader.integer(UInt8.self),
            let verdict = HeartbeatVerdict(code: code, sample: sample, objection: objection),
            let proofDigest = reader.hash(), let byteCount = reader.integer(UInt64.self),
            let unprovable = reader.integer(UInt64.self), let amount = reader.integer(UInt64.self), reader.isAtEnd
        else { throw .malformed("heartbeat result") }
        self.init(
            agreement: agreement, node: NodeID(storage: node), period: period,
            root: SumNode(hash: root, sum: total), seed: seed, sampleCount: sampleCount, verdict: verdict,
            proofDigest: proofDigest, byteCount: byteCount, unprovableByteCount: unprovable, amount: amount)
    }
}

extension HeartbeatVerdict {
    /// The verdict in three numbers.
    var code: (code: UInt8, sample: UInt32, objection: UInt8) {
        switch self {
        case .passed: (0, 0, 0)
        case .failed(let sample, nil): (1, UInt32(clamping: sample), 0)
        case .failed(let sample, .otherSet): (1, UInt32(clamping: sample), 1)
        case .failed(let sample, .otherPiece): (1, UInt32(clamping: sample), 2)
        case .failed(let sample, .otherContent): (1, UInt32(clamping: sample), 3)
        case .unreachable: (2, 0, 0)
        case .pending: (3, 0, 0)
        case .void: (4, 0, 0)
        }
    }

    /// The verdict behind three numbers; nil for numbers that stand for none.
    init?(code: UInt8, sample: UInt32, objection: UInt8) {
        let objections: [SampleProof.Objection?] = [nil, .otherSet, .otherPiece, .otherContent]
        switch code {
        case 1 where objections.indices.contains(Int(objection)):
            self = .failed(sample: Int(sample), objections[Int(objection)])
        case 0 where sample == 0 && objection == 0: self = .passed
        case 2 where sample == 0 && objection == 0: self = .unreachable
        case 3 where sample == 0 && objection == 0: self = .pending
        case 4 where sample == 0 && objection == 0: self = .void
        default: return nil
        }
    }
}
