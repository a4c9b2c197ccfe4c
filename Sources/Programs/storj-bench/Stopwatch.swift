import Foundation

/// Reads a clock of the operating system around some work.
enum Stopwatch {
    /// Time of this thread on a processor: right for work without a suspension.
    case threadCPU
    /// Time of all threads on processors: right where several parties run in this process.
    case processCPU
    /// Time as people see it.
    case wall

    /// Seconds since some moment.
    func read() -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private var clock: clockid_t {
        switch self {
        case .threadCPU: CLOCK_THREAD_CPUTIME_ID
        case .processCPU: CLOCK_PROCESS_CPUTIME_ID
        case .wall: CLOCK_MONOTONIC
        }
    }

    /// The seconds of the best of several rounds: the machine may be shared, and noise only ever adds.
    func best(of rounds: Int, _ work: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<rounds {
            let start = read()
            try work()
            best = min(best, read() - start)
        }
        return best
    }
}
