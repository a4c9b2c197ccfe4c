package import StorageModel

/// The nodes that may get new pieces, grouped by place: what an upload is chosen from.
package struct UploadCandidates: Sendable {
    /// Nodes of one kind, grouped by `lastNet`.
    struct Pool: Sendable {
        private(set) var places: [[SelectedNode]] = []
        private(set) var count = 0

        init(_ nodes: [SelectedNode]) {
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
    ///   - isPresent: whether a node counts as there; by default, when its last contact is fresh.
    package init(
        _ nodes: some Sequence<NodeRecord>, unreachable: Set<NodeID> = [], settings: OverlaySettings, now: Timestamp,
        isPresent: ((NodeRecord) -> Bool)? = nil
    ) {
        let isPresent = isPresent ?? { $0.isOnline(at: now, window: settings.onlineWindow) }
        var vetted: [SelectedNode] = []
        var unvetted: [SelectedNode] = []
        var doubtful: [SelectedNode] = []
        for node in nodes where isPresent(node) && Self.isEligible(node, settings) {
            let candidate = SelectedNode(node)
            if unreachable.contains(node.id) {
                doubtful.append(candidate)
            } else if node.vettedAt == nil {
                unvetted.append(candidate)
            } else {
                vetted.append(candidate)
            }
        }
        self.vetted = Pool(vetted)
        self.unvetted = Pool(unvetted)
        self.doubtful = Pool(doubtful)
    }

    private static func isEligible(_ node: NodeRecord, _ settings: OverlaySettings) -> Bool {
        guard node.acceptsUploads, node.freeDisk >= settings.minimumFreeDisk else { return false }
        guard let minimum = settings.minimumVersion else { return true }
        return node.version.isRelease && node.version.isAtLeast(minimum)
    }
}
