package import StorageModel
import Synchronization

extension Overlay {
    /// Chooses nodes for new pieces; does not suspend.
    ///
    /// - Parameters:
    ///   - count: how many, at least 0; the answer has exactly as many, all different, in random order.
    ///   - excluding: nodes that have or had a piece of the segment; their places are excluded with them.
    ///   - pieceSize: bytes that a node must have free in any case.
    ///   - placement: the bucket's; its rule says which nodes may be chosen.
    /// - Throws: `OverlayError.notEnoughNodes`.
    package func selectForUpload(
        count: Int, excluding: Set<NodeID> = [], pieceSize: Int64 = 0, placement: Int32 = 0
    ) throws(OverlayError) -> [SelectedNode] {
        let now = clock.now()
        let (candidates, tracker, usedPlaces) = state.withLock { state in
            let places = Set(excluding.compactMap { state.nodes[$0]?.record.lastNet })
            return (currentCandidates(&state, placement, now), state.tracker, places)
        }
        var selection = NodeSelection(
            candidates: candidates, settings: settings, excluded: excluding, usedPlaces: usedPlaces,
            pieceSize: pieceSize, random: random,
            score: tracker.score)
        return try selection.select(count)
    }

    /// Of the nodes that hold pieces, those a client can be sent to now, in random order; does not suspend.
    package func selectForDownload(among holders: some Sequence<NodeID>) -> [SelectedNode] {
        let now = clock.now()
        var found = state.withLock { state in
            holders.compactMap { id -> SelectedNode? in
                guard !state.unreachable.contains(id), let node = state.nodes[id]?.record, node.servesDownloads,
                    state.watch.isPresent(node, at: now, settings)
                else { return nil }
                return SelectedNode(node)
            }
        }
        var random = random
        found.shuffle(using: &random)
        return found
    }

    /// Where a node was last found, whatever its state; nil when it never checked in.
    package func node(_ id: NodeID) -> SelectedNode? { record(of: id).map { SelectedNode($0) } }

    /// Counts how nodes did with the pieces of one segment, for the choice among them.
    ///
    /// - Parameters:
    ///   - succeeded: nodes whose piece was committed.
    ///   - failed: nodes that got a limit and did not deliver: cancelled, slow or replaced.
    package func recordUpload(succeeded: [NodeID], failed: [NodeID]) {
        state.withLock { state in
            for node in succeeded where state.nodes[node] != nil { state.tracker.record(node, success: true) }
            for node in failed where state.nodes[node] != nil { state.tracker.record(node, success: false) }
        }
    }

    func advanceSuccessGeneration() {
        state.withLock { $0.tracker.advanceGeneration() }
    }

    /// The candidates, made again after a change and when freshness may have run out.
    private func currentCandidates(_ state: inout State, _ placement: Int32, _ now: Timestamp) -> UploadCandidates {
        let rule = settings.placements[placement]
        let key = rule == nil ? .min : placement
        let maximumAge = min(settings.refreshInterval, settings.onlineWindow / 10)
        if let (value, builtAt) = state.candidates[key], now.duration(since: builtAt) < maximumAge { return value }
        let nodes = state.nodes.values.lazy.map(\.record).filter { node in
            rule?.allows(node.id, country: node.countryCode) ?? true
        }
        let watch = state.watch
        let value = UploadCandidates(
            nodes, unreachable: state.unreachable, settings: settings, now: now, offers: state.offers,
            priceCap: rule?.priceCap
        ) { node in watch.isPresent(node, at: now, self.settings) }
        state.candidates[key] = (value, now)
        return value
    }
}
