package import Identity
package import StorageModel

/// What a node signs at the start of a period: which pieces it answers for, before anybody knows what will be asked.
///
/// The satellite makes the set from what it pays for; the node signs when it is the set it can answer for.
///
/// - Source: economy design §5.1.
package struct HeartbeatCommitment: Hashable, Sendable {
    private static let tag = Array("storj-heartbeat-commitment-1".utf8)

    /// The period, the same for all nodes.
    package let period: HeartbeatPeriod
    /// Who answers.
    package let node: NodeID
    /// Under which agreement, or what stands in its place.
    package let agreement: Bytes32
    /// How many samples will be asked for.
    package let sampleCount: UInt32
    /// The set: the pieces and how many bytes.
    package let holding: HeartbeatHolding
    /// The node's signature over `signingBytes`, ECDSA in DER; empty while there is none.
    package private(set) var signature: [UInt8]

    /// A commitment of its parts.
    package init(
        period: HeartbeatPeriod, node: NodeID, agreement: Bytes32, sampleCount: UInt32, holding: HeartbeatHolding,
        signature: [UInt8] = []
    ) {
        self.period = period
        self.node = node
        self.agreement = agreement
        self.sampleCount = sampleCount
        self.holding = holding
        self.signature = signature
    }

    /// What the node signs: every number that the challenge and the payment depend on.
    package var signingBytes: [UInt8] {
        var bytes = Self.tag + period.encoded + node.bytes + agreement.bytes
        bytes.append(bigEndian: sampleCount)
        return bytes + holding.encoded
    }

    /// The commitment with the node's signature.
    package func signed(by node: NodeIdentity) -> HeartbeatCommitment { signed(node.sign(signingBytes)) }

    /// The commitment with a signature that came from elsewhere.
    package func signed(_ signature: [UInt8]) -> HeartbeatCommitment {
        var commitment = self
        commitment.signature = signature
        return commitment
    }

    /// Whether the node it names signed it.
    package func isSigned(by node: PeerIdentity) -> Bool {
        node.id == self.node && node.isValidSignature(signature, for: signingBytes)
    }

    /// What the beacon is made of: nobody knows it before the node has signed.
    var beaconLeaf: Bytes32 { ReportTree.leaf(signingBytes + signature) }
}
