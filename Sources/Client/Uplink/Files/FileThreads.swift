internal import NIOPosix

/// The threads that wait for disks, so that tasks need not.
final class FileThreads: Sendable {
    private let pool: NIOThreadPool

    /// Starts threads, which live until `shutdown`.
    init(count: Int) {
        pool = NIOThreadPool(numberOfThreads: count)
        pool.start()
    }

    /// Runs blocking work on one of the threads.
    ///
    /// - Throws: what the work throws; `UplinkError` when the project is closed.
    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        do {
            return try await pool.runIfActive(work)
        } catch is NIOThreadPoolError.ThreadPoolInactive {
            throw UplinkError(.invalidArgument, "the project is closed")
        }
    }

    /// Runs blocking work even when the caller's task is cancelled, for cleaning up; failures change nothing any more.
    func runAlways(_ work: @escaping @Sendable () throws -> Void) async {
        await Task { try? await run(work) }.value
    }

    /// Ends the threads.
    func shutdown() async {
        do {
            try await pool.shutdownGracefully()
        } catch {
            // The only failure is a second shutdown.
        }
    }
}
