/// A moment as the wire carries it: integer seconds and nanoseconds since 1970, never a floating-point date.
///
/// Signatures cover timestamps with nanosecond resolution, so the pair is kept exactly. "Not set" is `nil`
/// everywhere in this code; the wire's year-1 value is translated at the door (`init?(seconds:nanoseconds:)`).
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, in `-62135596799..<253402300800`.
    package let seconds: Int64
    /// In `0..<1_000_000_000`.
    package let nanoseconds: Int32

    /// Go's zero time, 0001-01-01T00:00:00Z, which the wire uses for "not set".
    package static let unsetSeconds: Int64 = -62_135_596_800
    /// The end of year 9999, the first second the wire refuses.
    package static let limitSeconds: Int64 = 253_402_300_800

    /// Parses the wire's pair; nil when out of range. The "not set" value is inside the range: see `isUnset`.
    package init?(seconds: Int64, nanoseconds: Int32) {
        guard (Self.unsetSeconds..<Self.limitSeconds).contains(seconds),
            (0..<1_000_000_000).contains(nanoseconds)
        else { return nil }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// A moment from microseconds since 1970, the resolution of our databases; clamped to the legal range.
    package init(microseconds: Int64) {
        let clamped = min(max(microseconds, Self.unsetSeconds * 1_000_000), Self.limitSeconds * 1_000_000 - 1)
        var seconds = clamped / 1_000_000
        var rest = clamped % 1_000_000
        if rest < 0 {
            seconds -= 1
            rest += 1_000_000
        }
        self.seconds = seconds
        self.nanoseconds = Int32(rest * 1000)
    }

    /// Whether this is the wire's "not set".
    package var isUnset: Bool { seconds == Self.unsetSeconds && nanoseconds == 0 }

    /// Microseconds since 1970, rounded down.
    package var microseconds: Int64 { seconds * 1_000_000 + Int64(nanoseconds) / 1000 }

    /// The same moment with the nanoseconds below a microsecond cut off.
    package var truncatedToMicroseconds: Timestamp { Timestamp(microseconds: microseconds) }

    /// A later (or, for a negative duration, earlier) moment, clamped to the legal range.
    package func advanced(by duration: Duration) -> Timestamp {
        let parts = duration.components
        var seconds = self.seconds.addingReportingOverflow(parts.seconds)
        if seconds.overflow { seconds.partialValue = parts.seconds > 0 ? Self.limitSeconds : Self.unsetSeconds }
        var nanoseconds = Int64(self.nanoseconds) + parts.attoseconds / 1_000_000_000
        var whole = seconds.partialValue
        if nanoseconds < 0 {
            nanoseconds += 1_000_000_000
            whole = max(whole, Self.unsetSeconds) - 1
        }
        if nanoseconds >= 1_000_000_000 {
            nanoseconds -= 1_000_000_000
            whole = min(whole, Self.limitSeconds) + 1
        }
        if whole >= Self.limitSeconds { return Timestamp(microseconds: .max) }
        if whole < Self.unsetSeconds { return Timestamp(microseconds: .min) }
        return Timestamp(seconds: whole, nanoseconds: Int32(nanoseconds)) ?? Timestamp(microseconds: .max)
    }

    /// How long after `earlier` this moment is; negative when it is before.
    package func duration(since earlier: Timestamp) -> Duration {
        .seconds(seconds - earlier.seconds) + .nanoseconds(Int64(nanoseconds) - Int64(earlier.nanoseconds))
    }

    /// The start of the UTC hour this moment lies in.
    package var startOfHour: Timestamp {
        let rest = seconds % 3600
        let start = seconds - (rest < 0 ? rest + 3600 : rest)
        return Timestamp(seconds: max(start, Self.unsetSeconds), nanoseconds: 0) ?? self
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds != right.seconds ? left.seconds < right.seconds : left.nanoseconds < right.nanoseconds
    }
}

/// Where rooms read the time: a part handed in, so that a test or a simulation can turn the hands.
package struct WallClock: Sendable {
    /// The current moment.
    package let now: @Sendable () -> Timestamp

    /// A clock that asks `now`.
    package init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }
}
