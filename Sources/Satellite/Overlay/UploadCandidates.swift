package import StorageModel

/// The nodes that may get new pieces, grouped by place: what an upload is chosen from.
package struct UploadCandidates: Sendable {
    /// Nodes of one kind, grouped by `lastNet`.
    struct Pool: Sendable {
        private(set) var places: [[SelectedNode]] = []
        private(set) var count = 0
        /// How strongly each node attracts pieces, as in `places`; empty without a market.
        private(set) var weights: [[Double]] = []
        /// The weights of the places up to and with each: that of a place is the mean of its nodes.
        private(set) var sums: [Double] = []

        /// - Parameter weight: of a node; nil without a market.
        init(_ nodes: [SelectedNode], weight: ((SelectedNode) -> Double)?) {
            var indices: [String: Int] = [:]
            for node in nodes {
                if let index = indices[node.lastNet] {
                    places[index].append(node)
                } else {
                    indices[node.lastNet] = places.count
                    places.append([node])
                }
            }
            count = nodes.count
            guard let weight else { return }
            weights = places.map { $0.map(weight) }
            var sum = 0.0
            for nodes in weights {
                sum += nodes.reduce(0, +) / Double(nodes.count)
                sums.append(sum)
            }
        }
    }

    let vetted: Pool
    let unvetted: Pool
    /// Nodes of both kinds that did not answer lately.
    let doubtful: Pool

    /// The nodes that can take a piece now.
    ///
    /// - Parameters:
    ///   - unreachable: nodes that did not answer the newest pings.
    ///   - offers: what the market knows of nodes; nil without a market, and then all count alike.
    ///   - priceCap: the placement's, micro-dollars for 10¹² bytes over a month; nil for the general one.
    ///   - isPresent: whether a node counts as there; by default, when its last contact is fresh.
    package init(
        _ nodes: some Sequence<NodeRecord>, unreachable: Set<NodeID> = [], settings: OverlaySettings, now: Timestamp,
        offers: [NodeID: NodeOffer]? = nil, priceCap: UInt64? = nil, isPresent: ((NodeRecord) -> Bool)? = nil
    ) {
        let isPresent = isPresent ?? { $0.isOnline(at: now, window: settings.onlineWindow) }
        var vetted: [SelectedNode] = []
        var unvetted: [SelectedNode] = []
        var doubtful: [SelectedNode] = []
        let weights = settings.market
        for node in nodes where isPresent(node) && Self.isEligible(node, settings) {
            guard offers.map({ weights.isAffordable($0[node.id], cap: priceCap) }) ?? true else { continue }
            let candidate = SelectedNode(node)
            if unreachable.contains(node.id) {
                doubtful.append(candidate)
            } else if node.vettedAt == nil {
                unvetted.append(candidate)
            } else {
                vetted.append(candidate)
            }
        }
        let weight = offers.map { offers in
            { (node: SelectedNode) in weights.weight(offers[node.id], freeDisk: node.freeDisk) }
        }
        self.vetted = Pool(vetted, weight: weight)
        self.unvetted = Pool(unvetted, weight: weight)
        self.doubtful = Pool(doubtful, weight: weight)
    }

    private static func isEligible(_ node: NodeRecord, _ settings: OverlaySettings) -> Bool {
        guard node.acceptsUploads, node.freeDisk >= settings.minimumFreeDisk else { return false }
        guard let minimum = settings.minimumVersion else { return true }
        return node.version.isRelease && node.version.isAtLeast(minimum)
    }
}
