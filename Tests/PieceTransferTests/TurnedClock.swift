import PieceTransfer
import StorageModel
import Synchronization
import TestSupport

/// A clock for transfers that stands still until a test turns it.
final class TurnedClock: Sendable {
    private struct State {
        var sleepers: [UInt64: (end: Timestamp, continuation: CheckedContinuation<Void, Never>)] = [:]
        var nextID: UInt64 = 0
        var onlooker: CheckedContinuation<Void, Never>?
    }

    private let hands = TestClock()
    private let state = Mutex(State())

    /// The clock to hand to transfers.
    var transferClock: TransferClock {
        TransferClock(now: { self.hands.now }, sleep: { try await self.sleep($0) })
    }

    /// The current moment.
    var now: Timestamp { hands.now }

    /// Lets time pass in steps, once `start` has returned, until `body` has ended.
    func run<Result: Sendable>(
        from start: @escaping @Sendable () async -> Void = {}, step: Duration = .milliseconds(70),
        until body: @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await start()
                while !Task.isCancelled {
                    await self.turn(by: step)
                    await Task.yield()
                }
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// Lets time pass while nobody sleeps.
    func advance(by duration: Duration) { hands.advance(by: duration) }

    /// Waits until somebody sleeps or the task is cancelled, then lets time pass and wakes those whose time is over.
    func turn(by duration: Duration) async {
        await someoneSleeps()
        hands.advance(by: duration)
        let now = hands.now
        let woken = state.withLock { state in
            let due = state.sleepers.filter { $0.value.end <= now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    private func someoneSleeps() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isNow = state.withLock { state in
                    if !state.sleepers.isEmpty || Task.isCancelled { return true }
                    state.onlooker = continuation
                    return false
                }
                if isNow { continuation.resume() }
            }
        } onCancel: {
            let onlooker = state.withLock { state in
                defer { state.onlooker = nil }
                return state.onlooker
            }
            onlooker?.resume()
        }
    }

    private func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let end = hands.now.advanced(by: duration)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isOver, onlooker) = state.withLock { state in
                    if Task.isCancelled { return (true, nil as CheckedContinuation<Void, Never>?) }
                    state.sleepers[id] = (end, continuation)
                    defer { state.onlooker = nil }
                    return (false, state.onlooker)
                }
                if isOver { continuation.resume() }
                onlooker?.resume()
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume()
        }
        try Task.checkCancellation()
    }
}
