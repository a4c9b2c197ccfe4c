import Synchronization

/// A queue between a task that finds work and those that do it: the finder runs ahead, but only so far.
package final class LookAhead<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        /// The first of `elements` that has not been taken.
        var first = 0
        var end: Result<Void, any Error>?
        /// Tasks that wait for something to take, or for room.
        var waiting: [CheckedContinuation<Void, Never>] = []

        var count: Int { elements.count - first }

        /// Lets all who wait look again.
        mutating func wake() {
            let woken = waiting
            waiting = []
            woken.forEach { $0.resume() }
        }
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// An empty queue.
    ///
    /// - Parameter capacity: how many elements wait at most, at least 1.
    package init(capacity: Int) {
        precondition(capacity > 0, "a queue has room for one")
        self.capacity = capacity
    }

    /// Adds an element; waits while the queue is full.
    ///
    /// - Throws: `CancellationError`, also when nobody will take any more.
    package func put(_ element: Element) async throws {
        while true {
            try Task.checkCancellation()
            let isDone = try state.withLock { state in
                if state.end != nil { throw CancellationError() }
                guard state.count < capacity else { return false }
                state.elements.append(element)
                state.wake()
                return true
            }
            if isDone { return }
            await wait { [capacity] in $0.count < capacity }
        }
    }

    /// Takes note that nothing more comes, or why not. What is there can still be taken.
    package func finish(_ error: (any Error)? = nil) {
        state.withLock { state in
            guard state.end == nil else { return }
            state.end = error.map { .failure($0) } ?? .success(())
            state.wake()
        }
    }

    /// The next element; nil when all have been taken and nothing more comes.
    ///
    /// - Throws: what `finish` was given, or `CancellationError`.
    package func next() async throws -> Element? {
        while true {
            try Task.checkCancellation()
            let (element, isEnd) = try state.withLock { state -> (Element?, Bool) in
                guard state.count > 0 else {
                    try state.end?.get()
                    return (nil, state.end != nil)
                }
                let element = state.elements[state.first]
                state.first += 1
                // Taken elements go in bulk, so that each costs the same however many wait.
                if state.first == capacity || state.count == 0 {
                    state.elements.removeFirst(state.first)
                    state.first = 0
                }
                state.wake()
                return (element, false)
            }
            if let element { return element }
            if isEnd { return nil }
            await wait { $0.count > 0 }
        }
    }

    /// Suspends until the other side has done something, the queue has ended or the task is cancelled.
    private func wait(until isReady: @Sendable (borrowing State) -> Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if isReady(state) || state.end != nil || Task.isCancelled { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { state in state.wake() }
        }
    }
}
