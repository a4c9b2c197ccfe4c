import Glibc
import Synchronization

/// A few threads of our own for calls that block, so that the cooperative pool never waits for a disk.
///
/// A hop costs 20–90 µs: callers gather about 256 KiB of work for each.
package final class BlockingPool: Sendable {
    private let queue: WorkQueue

    /// Starts `threads` threads (at least 1), which live until `shutDown` or until the pool is let go.
    package init(threads: Int) {
        precondition(threads >= 1, "a pool has at least one thread")
        queue = WorkQueue()
        for _ in 0..<threads { queue.startThread() }
    }

    deinit { queue.close() }

    /// Runs `body` on a thread of the pool.
    ///
    /// - Throws: what `body` throws; `PieceStoreError` `.closed` after `shutDown`.
    package func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let accepted = queue.add {
                continuation.resume(with: Swift.Result { try body() })
            }
            if !accepted { continuation.resume(throwing: PieceStoreError(.closed, "the disk threads are stopped")) }
        }
    }

    /// Runs `body` on a thread of the pool some time; false after `shutDown`.
    @discardableResult
    package func enqueue(_ body: @escaping @Sendable () -> Void) -> Bool {
        queue.add(body)
    }

    /// Lets the work already given finish and takes no more.
    package func shutDown() {
        queue.close()
    }
}

/// The waiting work, guarded by a mutex and a condition of the system's thread library.
private final class WorkQueue: @unchecked Sendable {
    private var works: [@Sendable () -> Void] = []
    private var head = 0
    private var isClosed = false
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        precondition(pthread_mutex_init(mutex, nil) == 0, "the system makes a mutex")
        precondition(pthread_cond_init(condition, nil) == 0, "the system makes a condition")
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
        condition.deallocate()
    }

    func add(_ work: @escaping @Sendable () -> Void) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !isClosed else { return false }
        works.append(work)
        pthread_cond_signal(condition)
        return true
    }

    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Waits for work; nil when the queue is closed and empty.
    private func next() -> (@Sendable () -> Void)? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while head == works.count {
            if isClosed { return nil }
            pthread_cond_wait(condition, mutex)
        }
        let work = works[head]
        // The array outlives the work: let go of what it holds.
        works[head] = {}
        head += 1
        if head == works.count {
            works.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 1024 {
            works.removeFirst(head)
            head = 0
        }
        return work
    }

    func startThread() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 512 << 10)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let result = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                let queue = Unmanaged<WorkQueue>.fromOpaque(context).takeRetainedValue()
                while let work = queue.next() { work() }
                return nil
            }, context)
        precondition(result == 0, "the system starts a thread")
    }
}
