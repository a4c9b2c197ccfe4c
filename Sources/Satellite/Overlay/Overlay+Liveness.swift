import Logging
import StorageModel
import Synchronization

extension Overlay {
    /// Pings sent at once.
    static let maximumPings = 64
    /// Pings in a row that may stay unanswered: a busy node is slow, not dead.
    static let toleratedSilences = 2

    /// What came of a ping.
    enum PingOutcome: Sendable {
        case answered
        /// Nobody, or somebody else, is there.
        case refused
        /// No answer in time.
        case silent
    }

    /// Pings all nodes that count as online; who is not there is left out until it answers.
    ///
    /// Nothing is stored: the satellite's own network trouble must not harm a node's record. When nobody answers, the
    /// trouble is most likely here, and nothing changes.
    func checkLiveness() async {
        let now = clock.now()
        let targets = state.withLock { state in
            state.nodes.values.map(\.record).filter {
                $0.servesDownloads && state.watch.isPresent($0, at: now, settings)
            }
        }
        var outcomes: [NodeID: PingOutcome] = [:]
        await withTaskGroup(of: (NodeID, PingOutcome).self) { group in
            for (index, target) in targets.enumerated() {
                if index >= Self.maximumPings, let (id, outcome) = await group.next() { outcomes[id] = outcome }
                group.addTask { (target.id, await self.outcome(of: target)) }
            }
            for await (id, outcome) in group { outcomes[id] = outcome }
        }
        guard outcomes.values.contains(.answered), !Task.isCancelled else { return }
        noteHeard(at: now)
        note(outcomes)
    }

    /// A node that answered is reachable again; does not suspend.
    func setReachable(_ id: NodeID) { note([id: .answered]) }

    /// Asks twice before believing a refusal: the first try may have met a connection that the node had just closed.
    private func outcome(of node: NodeRecord) async -> PingOutcome {
        let first = await pingOnce(node)
        return first == .refused ? await pingOnce(node) : first
    }

    private func pingOnce(_ node: NodeRecord) async -> PingOutcome {
        do {
            _ = try await ping(node.id, address: node.lastIPPort, timeout: settings.livenessTimeout)
            return .answered
        } catch {
            logger.debug("node does not answer", metadata: ["node_id": "\(node.id)", "error": "\(error)"])
            return error as? OverlayError == .noAnswer(within: settings.livenessTimeout) ? .silent : .refused
        }
    }

    private func note(_ outcomes: [NodeID: PingOutcome]) {
        state.withLock { state in
            var unreachable = state.unreachable
            for (id, outcome) in outcomes {
                let silences = outcome == .silent ? (state.silences[id] ?? 0) + 1 : 0
                state.silences[id] = silences == 0 ? nil : silences
                switch outcome {
                case .answered: unreachable.remove(id)
                case .refused: unreachable.insert(id)
                case .silent: if silences > Self.toleratedSilences { unreachable.insert(id) }
                }
            }
            guard unreachable != state.unreachable else { return }
            state.unreachable = unreachable
            state.candidates = [:]
        }
    }
}
