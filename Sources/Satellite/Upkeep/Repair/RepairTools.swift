import Chores
import PieceTransfer
import StorageModel

/// What all repairs share: connections, memory, bandwidth, and the count of what they did.
struct RepairTools: Sendable {
    let parts: UpkeepParts
    let settings: RepairSettings
    let fetch: PieceFetch
    let push: PiecePush
    let bandwidth: BandwidthLimit
    let memory: MemoryBudget
    let transferMemory: TransferMemory
    let tally: RepairTally

    init(parts: UpkeepParts, settings: RepairSettings) {
        self.parts = parts
        self.settings = settings
        let clock = TransferClock(now: parts.clock.now, sleep: parts.sleeper.sleep)
        fetch = PieceFetch(dialer: parts.dialer, settings: settings.fetch, clock: clock, logger: parts.logger)
        push = PiecePush(
            uploader: PieceUploader(
                dialer: parts.dialer, book: NodeBook(clock: clock), settings: TransferSettings(), clock: clock,
                logger: parts.logger))
        bandwidth = BandwidthLimit(
            bytesPerSecond: settings.bytesPerSecond, clock: parts.clock, sleeper: parts.sleeper)
        memory = MemoryBudget(capacity: settings.memory)
        // Never what jobs wait for: they get their share of memory before they begin.
        transferMemory = TransferMemory(budget: settings.memory)
        tally = RepairTally(start: parts.clock.now())
    }
}
