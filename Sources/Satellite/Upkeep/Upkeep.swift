package import Chores
package import DRPC

/// Everything that keeps segments alive: one pass over all of them for many observers, and the chores that follow.
///
/// Composition only: each part stands alone and is tested alone.
package final class Upkeep: Sendable {
    private let parts: UpkeepParts
    private let settings: UpkeepSettings
    /// Looks at all segments.
    package let loop: RangedLoop
    /// Tells nodes what to keep.
    package let garbage: GarbageCollector
    /// Checks that nodes still have what they are paid for.
    package let audits: Audits
    /// Gives segments new pieces for those they have lost.
    package let repairs: Repairs
    /// Counts how healthy segments are.
    package let durability: DurabilityObserver
    /// Who is shown all segments in every pass.
    package let observers: [any SegmentObserver]
    private let early: EarlyPass

    /// The upkeep of a satellite; call `load()` before anything else.
    ///
    /// - Parameters:
    ///   - disguise: reaches nodes under identities that tell them nothing; nil when nodes may know every audit.
    ///   - observers: of other rooms, shown all segments in every pass.
    package init(
        parts: UpkeepParts, settings: UpkeepSettings, disguise: (any RPCDialer)? = nil,
        observers: [any SegmentObserver] = []
    ) {
        self.parts = parts
        self.settings = settings
        loop = RangedLoop(metabase: parts.metabase, settings: settings.loop, clock: parts.clock, logger: parts.logger)
        // A loop of its own: it must see one moment, and its progress is not that of the shared pass.
        garbage = GarbageCollector(
            parts: parts, settings: settings.garbage,
            loop: RangedLoop(
                metabase: parts.metabase, settings: settings.loop, clock: parts.clock, logger: parts.logger))
        audits = Audits(parts: parts, settings: settings.audits, disguise: disguise ?? parts.dialer)
        repairs = Repairs(parts: parts, settings: settings.repairs)
        durability = DurabilityObserver(overlay: parts.overlay, settings: settings.durability)
        early = EarlyPass(overlay: parts.overlay)
        // Lost pieces come last: what they put into the queue is newer than what the checker saw.
        self.observers = [audits.observer, durability, repairs.checker, repairs.lostPieces] + observers
    }

    /// Brings the room's tables to today's form and reads what is kept in memory.
    ///
    /// - Throws: `DatabaseError`.
    package func load() async throws {
        try await garbage.load()
        try await audits.load()
        try await repairs.load()
    }

    /// The recurring work, to be run as services; call once.
    package func makeChores() -> [Cycle] {
        let passes = cycle("ranged-loop", settings.loop.interval, startsImmediately: true) {
            [loop, observers, garbage] in
            try await loop.run(observers)
            try await garbage.noteAlive()
        }
        return [
            passes,
            cycle("early-pass", settings.loop.earlyInterval) { [early] in try await early.advance(passes) },
            cycle("garbage-collection", settings.garbage.interval) { [garbage] in try await garbage.collect() },
        ] + audits.makeChores() + repairs.makeChores()
    }

    /// A chore; an interval of zero makes one that only runs when it is triggered.
    private func cycle(
        _ name: String, _ interval: Duration, startsImmediately: Bool = false,
        work: @escaping @Sendable () async throws -> Void
    ) -> Cycle {
        let cycle = Cycle(
            name: name, interval: interval == .zero ? .seconds(24 * 3600) : interval,
            startsImmediately: startsImmediately && interval != .zero, sleeper: parts.sleeper, clock: parts.clock,
            logger: parts.logger, work: work)
        if interval == .zero { cycle.pause() }
        return cycle
    }
}
