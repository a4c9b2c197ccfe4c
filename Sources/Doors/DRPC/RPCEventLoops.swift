internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The threads that move bytes, one set for all servers and dialers of a process.
package final class RPCEventLoops: Sendable {
    let group: MultiThreadedEventLoopGroup
    private let executors: Mutex<[ObjectIdentifier: EventLoopTaskExecutor]>

    /// Starts `threadCount` threads, at least 1; one a core is enough.
    package init(threadCount: Int) {
        precondition(threadCount >= 1, "somebody must move the bytes")
        group = MultiThreadedEventLoopGroup(numberOfThreads: threadCount)
        var executors: [ObjectIdentifier: EventLoopTaskExecutor] = [:]
        for loop in group.makeIterator() { executors[ObjectIdentifier(loop)] = EventLoopTaskExecutor(loop) }
        self.executors = Mutex(executors)
    }

    /// Stops the threads; servers and dialers that use them must have ended.
    package func shutdown() async {
        do {
            try await group.shutdownGracefully()
        } catch {
            // The only failure is a second shutdown, and then there is nothing left to stop.
        }
    }

    /// Runs tasks on the thread of `loop`.
    func executor(for loop: any EventLoop) -> EventLoopTaskExecutor? {
        executors.withLock { $0[ObjectIdentifier(loop)] }
    }
}

/// Lets tasks run on an event loop's thread, between its reads and writes.
final class EventLoopTaskExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
