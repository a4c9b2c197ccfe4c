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

    /// The nodes that can take a piece now.
    package init(_ nodes: some Sequence<NodeRecord>, settings: OverlaySettings, now: Timestamp) {
        var vetted: [SelectedNode] = []
        var unvetted: [SelectedNode] = []
        for node in nodes where Self.isEligible(node, settings, now) {
            if node.vettedAt == nil { unvetted.append(SelectedNode(node)) } else { vetted.append(SelectedNode(node)) }
        }
        self.vetted = Pool(vetted)
        self.unvetted = Pool(unvetted)
    }

    private static func isEligible(_ node: NodeRecord, _ settings: OverlaySettings, _ now: Timestamp) -> Bool {
        guard node.acceptsUploads, node.freeDisk >= settings.minimumFreeDisk,
            node.isOnline(at: now, window: settings.onlineWindow)
        else { return false }
        guard let minimum = settings.minimumVersion else { return true }
        return node.version.isRelease && node.version.isAtLeast(minimum)
    }
}
