package import Identity
package import StorageModel

/// What a satellite publishes of a period: who was challenged with what, and what came of it, signed.
///
/// - Source: economy design §5.4.
package struct HeartbeatReport: Hashable, Sendable {
    /// The satellite's certificates, as messages carry them: whoever holds the file needs nothing else to check it.
    package let satelliteChain: [UInt8]
    /// The period.
    package let period: HeartbeatPeriod
    /// What became public after all sets were committed to; nil when the satellite lost it, and then all is void.
    package let secret: Bytes32?
    /// One line a farmer, in the order of their ids.
    package let results: [HeartbeatResult]
    /// Nodes that cannot answer heartbeats, in the order of their ids.
    package let uncovered: [UncoveredNode]
    /// The satellite's signature; empty while unsigned.
    package private(set) var signature: [UInt8] = []

    /// An unsigned report. Lines are put in order.
    package init(
        satelliteChain: [UInt8], period: HeartbeatPeriod, secret: Bytes32?, results: [HeartbeatResult],
        uncovered: [UncoveredNode]
    ) {
        self.satelliteChain = satelliteChain
        self.period = period
        self.secret = secret
        self.results = results.sorted { $0.node < $1.node }
        self.uncovered = uncovered.sorted { $0.node < $1.node }
    }

    /// A report with the signature that came with it.
    init(unsigned report: HeartbeatReport, signature: [UInt8]) {
        self = report
        self.signature = signature
    }

    /// The beacon, made again from the secret and the commitments; nil without a secret.
    package var beacon: Bytes32? { secret.map { Beacon.make(secret: $0, commitmentsRoot: commitmentsRoot) } }

    /// The root over the commitments that nodes have signed.
    package var commitmentsRoot: Bytes32 { Beacon.commitmentsRoot(results.map { $0.commitment(in: period) }) }

    /// The root over all lines: what is anchored.
    package var root: Bytes32 { ReportTree.root(leaves) }

    /// The leaves of the tree over all lines.
    package var leaves: [Bytes32] { results.map { ReportTree.leaf($0.encoded) } }

    /// The line of a node; nil when it was not asked.
    package func result(of node: NodeID) -> HeartbeatResult? { results.first { $0.node == node } }

    /// The report with the satellite's signature.
    package func signed(by satellite: NodeIdentity) -> HeartbeatReport {
        HeartbeatReport(unsigned: self, signature: satellite.sign(signingBytes))
    }

    /// Whether that satellite signed exactly this report.
    package func isSigned(by satellite: PeerIdentity) -> Bool {
        satellite.isValidSignature(signature, for: signingBytes)
    }
}
