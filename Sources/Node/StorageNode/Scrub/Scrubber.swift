package import Chores
package import Logging
package import PieceStore
import ServiceLifecycle
package import StorageModel

/// Reads everything that is stored again and again, slowly, and has bad pieces reported.
///
/// Where it is survives a restart; after a crash at most a minute of reading is repeated.
package actor Scrubber {
    private struct Saved: Codable {
        var position: ScrubPosition?
        var current: ScrubPass?
        var last: ScrubPass?
        var isPaused = false
    }

    /// Bytes read in one go, so that transfers are served in between.
    private static let stepSize: Int64 = 4 << 20
    /// Bytes after which the position is saved at the latest, and seconds of reading.
    private static let saveSeconds: Int64 = 60

    private let store: PieceStore
    private let reporter: AmnestyReporter
    private let pool: BlockingPool
    private let file: StateFile<Saved>
    private let interval: Duration
    private let clock: WallClock
    private let sleeper: Sleeper
    private let logger: Logger
    private var rate: Int64
    private var saved: Saved
    private var scrub: PieceScrub?
    private var unsavedBytes: Int64 = 0
    private var isWanted = false
    private var wake: @Sendable () -> Void = {}

    /// A scrub that goes on where it was.
    ///
    /// - Parameters:
    ///   - folder: where its state is; it must exist.
    ///   - rate: bytes a second; 0 reads nothing until somebody asks for it.
    ///   - interval: from the start of a pass to the start of the next.
    /// - Throws: `PieceStoreError` when the disk fails. A damaged state begins from the start.
    package init(
        store: PieceStore, reporter: AmnestyReporter, folder: String, fileSystem: any FileSystem = DiskFileSystem(),
        pool: BlockingPool, rate: Int64, interval: Duration, clock: WallClock, sleeper: Sleeper, logger: Logger
    ) throws {
        self.store = store
        self.reporter = reporter
        self.pool = pool
        self.rate = rate
        self.interval = interval
        self.clock = clock
        self.sleeper = sleeper
        self.logger = logger
        file = StateFile(folder: folder, name: "scrub.json", fileSystem: fileSystem)
        do { saved = try file.load() ?? Saved() } catch let error as PieceStoreError where error.code == .corrupt {
            logger.warning("the scrub begins from the start, its position was damaged")
            saved = Saved()
        }
    }

    /// The recurring work: begins passes that are due and goes on with one under way.
    package nonisolated func makeCycle() -> Cycle {
        Cycle(
            name: "scrub", interval: .seconds(60), startsImmediately: true, sleeper: sleeper, clock: clock, logger: logger,
            finish: { [self] in try await save() },
            // A node that stops does not wait for a pass that may take weeks.
            work: { [self] in
                // Being cut short is no failure: the next start goes on.
                do { try await cancelWhenGracefulShutdown { try await self.run() } } catch is CancellationError { return }
            })
    }

    /// Sets what wakes the recurring work.
    package func setWake(_ wake: @escaping @Sendable () -> Void) { self.wake = wake }

    // MARK: What farmers ask for

    /// Begins a pass now, or goes on with the one under way; with another rate until the next start of the node.
    package func start(rate: Int64?) async throws {
        if let rate { self.rate = max(0, rate) }
        if self.rate == 0 { self.rate = Self.stepSize }
        isWanted = true
        saved.isPaused = false
        try await save()
        wake()
    }

    /// Stands still until `start`, also after a restart.
    package func pause() async throws {
        saved.isPaused = true
        try await save()
    }

    /// How it goes.
    package var status: ScrubStatus {
        ScrubStatus(
            rate: rate, isPaused: saved.isPaused, current: saved.current, last: saved.last, total: store.usage.liveBytes)
    }

    // MARK: Work

    /// Reads until the pass under way is over, somebody pauses it, or the task is cancelled.
    package func run() async throws {
        while isDue, !reporter.isFull {
            let bytes = try await step()
            // At the rate that holds now: a pause of the length that the bytes were worth.
            let seconds = Double(bytes) / Double(max(1, rate))
            if bytes > 0 { try await sleeper.sleep(.seconds(seconds)) }
        }
    }

    private var isDue: Bool {
        if saved.isPaused || rate == 0 { return false }
        if saved.current != nil || isWanted { return true }
        guard let last = saved.last else { return true }
        return clock.now() >= Timestamp(microseconds: last.startedAt).advanced(by: interval)
    }

    /// Reads about a second's bytes; how many.
    private func step() async throws -> Int64 {
        isWanted = false
        var pass = saved.current ?? ScrubPass(startedAt: clock.now().microseconds)
        if saved.current == nil { saved.position = nil }
        let scrub = self.scrub ?? PieceScrub(store: store, from: saved.position)
        self.scrub = scrub
        saved.current = pass
        let step: ScrubStep
        do {
            step = try await scrub.step(bytes: max(1, min(rate, Self.stepSize)))
            // Reported before the position moves on: a crash between the two finds the same pieces again.
            if !step.bad.isEmpty { try await reporter.report(step.bad) }
        } catch {
            // The pieces of this step are read again.
            self.scrub = nil
            throw error
        }
        pass.pieces += step.pieces
        pass.bytes += step.bytes
        pass.bad += step.bad.count
        saved.position = step.position
        saved.current = pass
        unsavedBytes += step.bytes
        if step.position == nil { finish(pass) }
        if step.position == nil || !step.bad.isEmpty || unsavedBytes >= Self.saveSeconds * rate { try await save() }
        return step.bytes
    }

    private func finish(_ pass: ScrubPass) {
        var pass = pass
        pass.finishedAt = clock.now().microseconds
        saved.last = pass
        saved.current = nil
        scrub = nil
        logger.info(
            "everything stored was read again",
            metadata: ["pieces": "\(pass.pieces)", "bytes": "\(pass.bytes)", "bad": "\(pass.bad)"])
    }

    private func save() async throws {
        let saved = saved
        try await pool.run { [file] in try file.save(saved) }
        unsavedBytes = 0
    }
}
