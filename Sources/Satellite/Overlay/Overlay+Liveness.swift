import Logging
import StorageModel
import Synchronization

extension Overlay {
    /// Pings sent at once.
    static let maximumPings = 64

    /// Pings all nodes that count as online; who does not answer is left out until it does.
    ///
    /// Nothing is stored: the satellite's own network trouble must not harm a node's record. When nobody answers, the
    /// trouble is most likely here, and nothing changes.
    func checkLiveness() async {
        let now = clock.now()
        let targets = state.withLock { state in
            state.nodes.values.map(\.record).filter {
                $0.servesDownloads && $0.isOnline(at: now, window: settings.onlineWindow)
            }
        }
        var answered: Set<NodeID> = []
        await withTaskGroup(of: NodeID?.self) { group in
            for (index, target) in targets.enumerated() {
                if index >= Self.maximumPings, let id = await group.next() ?? nil { answered.insert(id) }
                group.addTask { await self.answers(target) ? target.id : nil }
            }
            for await id in group { if let id { answered.insert(id) } }
        }
        guard !answered.isEmpty, !Task.isCancelled else { return }
        setUnreachable(Set(targets.map(\.id)).subtracting(answered), answered: answered)
    }

    /// A node that answered is reachable again; does not suspend.
    func setReachable(_ id: NodeID) { setUnreachable([], answered: [id]) }

    private func answers(_ node: NodeRecord) async -> Bool {
        do {
            _ = try await ping(node.id, address: node.lastIPPort, timeout: settings.livenessTimeout)
            return true
        } catch {
            logger.debug("node does not answer", metadata: ["node_id": "\(node.id)", "error": "\(error)"])
            return false
        }
    }

    private func setUnreachable(_ silent: Set<NodeID>, answered: Set<NodeID>) {
        state.withLock { state in
            let unreachable = state.unreachable.subtracting(answered).union(silent)
            guard unreachable != state.unreachable else { return }
            state.unreachable = unreachable
            state.candidates = nil
        }
    }
}
