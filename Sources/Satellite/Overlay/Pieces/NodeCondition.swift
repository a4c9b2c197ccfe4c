package import StorageModel

/// What matters of a node for the pieces it holds.
package struct NodeCondition: Sendable, Hashable {
    /// Nothing can be fetched from it now: unknown, disqualified, gone or offline.
    package var isMissing: Bool
    /// It will never come back: unknown, disqualified or gone.
    package var isGone: Bool
    /// Suspended, for unknown errors or for being offline too often.
    package var isSuspended: Bool
    /// On its way out.
    package var isExiting: Bool
    /// It owes an answer to an audit; its pieces count all the same.
    package var isContained: Bool
    /// The number of its place, the same for nodes in one place, counted from 0; −1 for an unknown node.
    package var network: Int
    /// Two upper-case letters; empty when not known.
    package var country: String

    /// A node nobody has heard of.
    package static let unknown = NodeCondition(
        isMissing: true, isGone: true, isSuspended: false, isExiting: false, isContained: false, network: -1,
        country: "")

    /// A condition.
    package init(
        isMissing: Bool, isGone: Bool, isSuspended: Bool, isExiting: Bool, isContained: Bool, network: Int,
        country: String
    ) {
        self.isMissing = isMissing
        self.isGone = isGone
        self.isSuspended = isSuspended
        self.isExiting = isExiting
        self.isContained = isContained
        self.network = network
        self.country = country
    }

    init(_ node: NodeRecord, isOnline: Bool, network: Int) {
        self.init(
            isMissing: !node.servesDownloads || !isOnline, isGone: !node.servesDownloads,
            isSuspended: node.unknownAuditSuspendedAt != nil || node.offlineSuspendedAt != nil,
            isExiting: node.exitInitiatedAt != nil, isContained: node.isContained, network: network,
            country: node.countryCode)
    }
}

/// Where the pieces of a bucket may lie.
package struct PlacementRule: Sendable, Hashable {
    /// Countries that are allowed, two upper-case letters each; empty for all.
    package var countries: Set<String> = []
    /// Countries that are not.
    package var excludedCountries: Set<String> = []
    /// Nodes that get nothing of it.
    package var excludedNodes: Set<NodeID> = []
    /// Nodes that ask more get no new pieces of it; micro-dollars for 10¹² bytes over a month, nil: the general cap.
    package var priceCap: UInt64?

    /// A rule that allows everything.
    package init() {}

    /// Whether pieces may lie on a node; a node in no known country is refused where countries are named.
    package func allows(_ node: NodeID, country: String) -> Bool {
        (countries.isEmpty || countries.contains(country)) && !excludedCountries.contains(country)
            && !excludedNodes.contains(node)
    }
}
