import Chores
import StorageModel
import StorageNode
import Synchronization

/// Looks at the node for pages, at most once in a while: a page that is loaded over and over costs the node nothing.
final class NodeDesk: Sendable {
    /// How long a look is good for.
    private static let lifetime = Duration.seconds(2)

    /// The pause between two questions what satellites think of the node.
    private static let questionPause = Duration.seconds(30)

    private let node: StorageNode
    private let clock: WallClock
    private let asked = Mutex<Timestamp?>(nil)
    private let last = Mutex<NodeSnapshot?>(nil)

    init(node: StorageNode, clock: WallClock) {
        self.node = node
        self.clock = clock
    }

    /// The node as it is now, or was a moment ago.
    func snapshot() async throws -> NodeSnapshot {
        let now = clock.now()
        if let last = last.withLock({ $0 }) {
            let age = now.duration(since: last.takenAt)
            if age >= .zero, age < Self.lifetime { return last }
        }
        // What was counted and not written yet belongs to what is seen.
        try await node.history.flush()
        let snapshot = try await NodeSnapshot.take(of: node, at: now)
        askForReputations(snapshot)
        last.withLock { $0 = snapshot }
        return snapshot
    }

    /// A satellite that has just let the node in has said nothing yet: it is asked now, and not in an hour.
    private func askForReputations(_ snapshot: NodeSnapshot) {
        let isSilent = snapshot.status.satellites.contains { contact, isActive, _ in
            isActive && contact.succeededAt != nil && snapshot.reputations[contact.satellite] == nil
        }
        guard isSilent else { return }
        let isDue = asked.withLock { asked in
            if let last = asked, snapshot.takenAt.duration(since: last) < Self.questionPause { return false }
            asked = snapshot.takenAt
            return true
        }
        if isDue { node.chores.first { $0.name == "reputation" }?.trigger() }
    }

    /// Something was changed: the next look is a new one.
    func forget() { last.withLock { $0 = nil } }
}
