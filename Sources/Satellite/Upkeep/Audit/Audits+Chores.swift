package import Chores
import Synchronization

extension Audits {
    /// The recurring work, to be run as services; call once. A zero interval makes a chore that waits for triggers.
    ///
    /// A run looks at one batch. When more waits, the next run follows at once unless the chore is paused.
    package func makeChores() -> [Cycle] {
        [
            chore("audit", settings.interval) { try await self.runAuditsOnce() },
            chore("reverification", settings.reverificationInterval) { try await self.runReverificationsOnce() },
        ]
    }

    private func chore(
        _ name: String, _ interval: Duration, _ run: @escaping @Sendable () async throws -> Bool
    ) -> Cycle {
        let again = ChoreTrigger()
        let cycle = Cycle(
            name: name, interval: interval == .zero ? .seconds(24 * 3600) : interval, sleeper: parts.sleeper,
            clock: parts.clock, logger: parts.logger,
            work: {
                if try await run() { again.pull() }
            })
        again.aim(at: cycle)
        if interval == .zero { cycle.pause() }
        return cycle
    }
}

/// Lets a chore's work trigger the chore, which does not exist yet when the work is made.
private final class ChoreTrigger: Sendable {
    private let cycle = Mutex<Weak?>(nil)

    private struct Weak: Sendable {
        weak var cycle: Cycle?
    }

    func aim(at cycle: Cycle) { self.cycle.withLock { $0 = Weak(cycle: cycle) } }

    /// Triggers the chore unless it is paused.
    func pull() {
        guard let cycle = cycle.withLock({ $0?.cycle }), !cycle.status.isPaused else { return }
        cycle.trigger()
    }
}
