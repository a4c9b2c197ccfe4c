import Chores
import Logging
import ServiceLifecycle
import StorageModel
import Synchronization
import TestSupport
import Testing

@Suite struct CycleTests {
    private struct Broken: Error {}

    private let sleeper = TurnableSleeper()
    private let clock = TestClock()
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func cycle(
        startsImmediately: Bool = false, finish: (@Sendable () async throws -> Void)? = nil,
        work: @escaping @Sendable () async throws -> Void
    ) -> Cycle {
        Cycle(
            name: "test", interval: .seconds(60), startsImmediately: startsImmediately, sleeper: sleeper.sleeper,
            clock: clock.wallClock, logger: log, finish: finish, work: work)
    }

    /// Runs a cycle beside a story, then cancels it.
    private func running(_ cycle: Cycle, _ story: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cycle.run() }
            try await story()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func `a cycle works once after every interval`() async throws {
        let count = Mutex(0)
        let cycle = cycle { count.withLock { $0 += 1 } }
        try await running(cycle) {
            await sleeper.hasBegun(1)
            #expect(count.withLock { $0 } == 0)
            sleeper.wake()
            await sleeper.hasBegun(2)
            #expect(count.withLock { $0 } == 1)
            sleeper.wake()
            await sleeper.hasBegun(3)
            #expect(count.withLock { $0 } == 2)
        }
        #expect(sleeper.requested.prefix(3) == [.seconds(60), .seconds(60), .seconds(60)])
    }

    @Test func `a cycle that starts immediately works before its first sleep`() async throws {
        let (runs, arrived) = AsyncStream.makeStream(of: Void.self)
        let cycle = cycle(startsImmediately: true) { arrived.yield() }
        try await running(cycle) {
            var iterator = runs.makeAsyncIterator()
            #expect(await iterator.next() != nil)
        }
    }

    @Test func `a trigger wakes a paused cycle once and leaves it paused`() async throws {
        let (runs, arrived) = AsyncStream.makeStream(of: Void.self)
        let cycle = cycle { arrived.yield() }
        cycle.pause()
        try await running(cycle) {
            cycle.trigger()
            var iterator = runs.makeAsyncIterator()
            #expect(await iterator.next() != nil)
            #expect(cycle.status.isPaused)
        }
        #expect(sleeper.requested.isEmpty)
    }

    @Test func `a resumed cycle sleeps a full interval and a changed interval starts anew`() async throws {
        let cycle = cycle {}
        cycle.pause()
        try await running(cycle) {
            cycle.resume()
            await sleeper.hasBegun(1)
            cycle.setInterval(.seconds(600))
            await sleeper.hasBegun(2)
        }
        #expect(sleeper.requested == [.seconds(60), .seconds(600)])
        #expect(cycle.status.runCount == 0)
    }

    @Test func `an awaited trigger works in the caller's task and passes the error on`() async throws {
        let cycle = cycle { throw Broken() }
        await #expect(throws: Broken.self) { try await cycle.triggerAndWait() }
        let status = cycle.status
        #expect(status.runCount == 1)
        #expect(status.failureCount == 1)
        #expect(status.lastError == "Broken()")
        #expect(status.lastStart == clock.now)
        #expect(!status.isRunning)
    }

    @Test func `a failing run does not end the cycle, and the next good run clears the error`() async throws {
        let count = Mutex(0)
        let cycle = cycle {
            let run = count.withLock { count in
                count += 1
                return count
            }
            if run == 1 { throw Broken() }
        }
        try await running(cycle) {
            await sleeper.hasBegun(1)
            sleeper.wake()
            await sleeper.hasBegun(2)
            #expect(cycle.status.lastError != nil)
            sleeper.wake()
            await sleeper.hasBegun(3)
        }
        #expect(cycle.status.failureCount == 1)
        #expect(cycle.status.runCount == 2)
        #expect(cycle.status.lastError == nil)
    }

    @Test func `two runs never overlap`() async throws {
        let inside = Mutex(0)
        let cycle = cycle {
            let count = inside.withLock { inside in
                inside += 1
                return inside
            }
            #expect(count == 1)
            await Task.yield()
            inside.withLock { $0 -= 1 }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { try await cycle.triggerAndWait() } }
            try await group.waitForAll()
        }
        #expect(cycle.status.runCount == 20)
    }

    @Test func `graceful shutdown cuts the sleep and finishes once`() async throws {
        let finished = Mutex(0)
        let cycle = cycle(finish: { finished.withLock { $0 += 1 } }) {}
        let group = ServiceGroup(configuration: .init(services: [.init(service: cycle)], logger: log))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await sleeper.hasBegun(1)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(finished.withLock { $0 } == 1)
        #expect(cycle.status.runCount == 0)
    }

    @Test func `graceful shutdown lets a run in progress end`() async throws {
        let (runs, arrived) = AsyncStream.makeStream(of: Void.self)
        let (releases, release) = AsyncStream.makeStream(of: Void.self)
        let cycle = cycle(startsImmediately: true) {
            arrived.yield()
            for await _ in releases { break }
            try Task.checkCancellation()
        }
        let group = ServiceGroup(configuration: .init(services: [.init(service: cycle)], logger: log))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await _ in runs { break }
            await group.triggerGracefulShutdown()
            release.yield()
            try await tasks.waitForAll()
        }
        #expect(cycle.status.runCount == 1)
        #expect(cycle.status.failureCount == 0)
    }
}
