import Database
package import Heartbeats
package import StorageModel

/// What became of one node in one period.
package struct NodeHeartbeat: Sendable, Hashable {
    package let period: UInt64
    package let node: NodeID
    /// False for a node that cannot answer heartbeats, or holds nothing that can be proven: stripe audits cover it.
    package let isCovered: Bool
    /// What it had to hold.
    package let holding: HeartbeatHolding
    /// Its signature under the commitment; nil while it has not signed.
    package internal(set) var signature: [UInt8]?
    /// The certificates it signed with.
    package internal(set) var chain: [UInt8]?
    /// Pieces it has by its own books.
    package internal(set) var reportedPieceCount: Int64?
    /// Their bytes.
    package internal(set) var reportedByteCount: Int64?
    /// What came of it; pending while nothing has.
    package internal(set) var verdict = HeartbeatVerdict.pending
    /// Digest of the evidence; nil without an answer.
    package internal(set) var evidence: Bytes32?
    /// How often it was asked in vain.
    package internal(set) var attempts = 0
    package internal(set) var firstAttempt: Timestamp?
    package internal(set) var lastAttempt: Timestamp?
    /// Why the last attempt was in vain.
    package internal(set) var lastError: String?
    /// Samples that the uploader vouched for.
    package internal(set) var uploaderCount = 0
    /// Samples of pieces that the satellite itself had rebuilt.
    package internal(set) var repairCount = 0
    /// Samples that only the satellite's records vouch for.
    package internal(set) var recordCount = 0

    /// A node that has not been asked yet.
    init(period: UInt64, node: NodeID, isCovered: Bool, holding: HeartbeatHolding) {
        self.period = period
        self.node = node
        self.isCovered = isCovered
        self.holding = holding
    }

    /// What the node is asked to sign, with its signature if it has.
    func commitment(in head: HeartbeatPeriod, sampleCount: UInt32) -> HeartbeatCommitment {
        HeartbeatCommitment(
            period: head, node: node, agreement: Beacon.agreement(satellite: head.satellite, node: node),
            sampleCount: sampleCount, holding: holding, signature: signature ?? [])
    }

    /// Notes an attempt that was in vain.
    mutating func noteFailure(_ reason: String, at now: Timestamp) {
        attempts += 1
        firstAttempt = firstAttempt ?? now
        lastAttempt = now
        lastError = reason
    }
}
