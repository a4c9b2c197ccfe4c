import GRDB
import Synchronization

/// Gathers concurrent writes into one commit.
///
/// While a commit waits for the disk the next writes queue up and then share the following one, so that the number of
/// syncs falls as the load grows and a lone write never waits for company.
final class WriteQueue: Sendable {
    private struct State {
        var waiting: [any PendingWrite] = []
        var isDraining = false
    }

    private let connections: any DatabaseWriter
    private let maximumWritesPerCommit: Int
    private let state = Mutex(State())

    init(_ connections: any DatabaseWriter, maximumWritesPerCommit: Int) {
        self.connections = connections
        self.maximumWritesPerCommit = max(1, maximumWritesPerCommit)
    }

    /// Adds a write; it is finished exactly once, from the writer's thread.
    func enqueue(_ write: any PendingWrite) {
        let starts = state.withLock { state in
            state.waiting.append(write)
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if starts { schedule() }
    }

    private func schedule() {
        connections.asyncWriteWithoutTransaction { connection in
            let batch = self.takeBatch()
            WriteBatch(batch, SQLSession(connection)).commit()
            if self.hasMore() { self.schedule() }
        }
    }

    private func takeBatch() -> [any PendingWrite] {
        state.withLock { state in
            let batch = Array(state.waiting.prefix(maximumWritesPerCommit))
            state.waiting.removeFirst(batch.count)
            return batch
        }
    }

    private func hasMore() -> Bool {
        state.withLock { state in
            state.isDraining = !state.waiting.isEmpty
            return state.isDraining
        }
    }
}
