package import Identity

/// What the room lets an operator choose.
package struct OverlaySettings: Sendable {
    /// A node is online while its last successful contact is younger than this.
    package var onlineWindow: Duration = .seconds(4 * 3600)
    /// Nodes with less free space get no new pieces; bytes.
    package var minimumFreeDisk: Int64 = 5_000_000_000
    /// Whether a segment has at most one piece in a subnet (/24 for IPv4, /64 for IPv6).
    package var distinctSubnet = true
    /// The largest share of nodes without a record that an upload is offered, in `0...1`.
    package var unvettedShare = 0.01
    /// Candidates drawn for each place, of which the ones with the better record are kept; at least 1.
    package var choiceOf = 2
    /// Whether nodes may have private, loopback and link-local addresses: needed inside one network.
    package var allowPrivateAddresses = false
    /// Trailing zero bits that the id of a new node has at least, see `NodeID.difficulty`; 36 in the public network.
    package var minimumDifficulty = 0
    /// Nodes with an older version get no new pieces, and only release builds do; nil accepts all.
    package var minimumVersion: NodeVersion?
    /// The pause after which a node may check in again.
    package var checkInInterval: Duration = .seconds(600)
    /// Check-ins a node may make at once after a long silence; at least 1.
    package var checkInBurst = 2
    /// How long the ping-back to a node may take.
    package var pingTimeout: Duration = .seconds(60)
    /// How old the list of candidates may become when no node changes.
    package var refreshInterval: Duration = .seconds(180)
    /// Nodes silent for longer are disqualified.
    package var strayAfter: Duration = .seconds(30 * 86400)
    /// The pause between two searches for stray nodes.
    package var strayInterval: Duration = .seconds(7 * 86400)
    /// The pause after which the oldest of the success tracker's generations is dropped.
    package var successGenerationInterval: Duration = .seconds(600)
    /// The pause after which a node's identity may be fetched again because a signature did not verify.
    package var identityRefetchInterval: Duration = .seconds(60)
    /// The pause between two rounds of pings to all online nodes, which notice a dead node long before its window is
    /// over; nil for none, as in large networks.
    package var livenessInterval: Duration?
    /// How long a ping of such a round may take.
    package var livenessTimeout: Duration = .seconds(1)
    /// Who besides the node itself may sign a node's tags.
    package var tagAuthorities: [PeerIdentity] = []

    /// How audits become a standing.
    package var reputation = ReputationSettings()
    /// A satellite that has heard of no node for longer does not believe that all nodes it asks are offline.
    package var ownTroubleAfter: Duration = .seconds(3600)
    /// Where the pieces of buckets with a placement may lie; those without a rule here may lie anywhere.
    package var placements: [Int32: PlacementRule] = [:]
    /// How prices, proofs and space steer new pieces, once there is a market.
    package var market = MarketWeights()
    /// What follows when nodes report that they have lost pieces.
    package var losses = LossSettings()
    /// How nodes leave in good order.
    package var exit = ExitSettings()
    /// The pause between two looks at who went offline, and at standings that change by time alone.
    package var watchInterval: Duration = .seconds(600)
    /// A satellite that has been away for longer holds nobody's silence against him until nodes had time to check in.
    package var awayAfter: Duration = .seconds(3600)
    /// That time: twice the pause between a node's check-ins.
    package var settlingTime: Duration = .seconds(2 * 3600)
    /// The pause between two rounds of counting, and forgetting, settled reports of lost pieces.
    package var lossInterval: Duration = .seconds(6 * 3600)
    /// How events of nodes reach people.
    package var events = EventSettings()

    /// The defaults.
    package init() {}
}
