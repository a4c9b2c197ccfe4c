import Chores
import ServiceLifecycle

/// Runs recurring work that is made while the node runs.
final class LaterCycles: Service {
    private let cycles: AsyncStream<Cycle>
    private let continuation: AsyncStream<Cycle>.Continuation

    init() { (cycles, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1000)) }

    /// Runs work from now on, or from when the node runs.
    func add(_ cycle: Cycle) { continuation.yield(cycle) }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for await cycle in cycles.cancelOnGracefulShutdown() { group.addTask { try await cycle.run() } }
            try await group.waitForAll()
        }
    }
}
