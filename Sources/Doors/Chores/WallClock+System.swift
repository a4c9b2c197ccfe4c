package import StorageModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension WallClock {
    /// The machine's time: what programs choose.
    package static let system = WallClock {
        var time = timespec()
        guard clock_gettime(CLOCK_REALTIME, &time) == 0,
            let now = Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(truncatingIfNeeded: time.tv_nsec))
        else { preconditionFailure("the machine's clock is readable and set between the years 1 and 9999") }
        return now
    }
}
