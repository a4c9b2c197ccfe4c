import StorageModel

/// What a project uses, for its limits.
package struct ProjectUsage: Sendable, Hashable {
    /// Encrypted bytes stored, before redundancy.
    package var storageBytes: Int64 = 0
    package var segments: Int64 = 0
    /// Bytes downloaded this month: settled, and allocated where settling may still come.
    package var bandwidthBytes: Int64 = 0
}

/// Which limit stands in the way.
package enum LimitKind: Sendable, Hashable {
    case storage
    case segments
    case bandwidth
}

/// The usage of all projects, in memory.
struct UsageCounters: Sendable {
    /// Egress of one project and day, in bytes.
    struct Egress: Sendable, Hashable {
        var allocated: Int64 = 0
        var settled: Int64 = 0
        /// Allocated, but known not to have been used.
        var dead: Int64 = 0

        static func += (left: inout Egress, right: Egress) {
            left.allocated &+= right.allocated
            left.settled &+= right.settled
            left.dead &+= right.dead
        }
    }

    private struct Stored: Sendable {
        var bytes: Int64 = 0
        var segments: Int64 = 0
    }

    private var stored: [ProjectID: Stored] = [:]
    /// What came in while a tally runs, which may have missed it.
    private var storedDuringTally: [ProjectID: Stored]?
    private var egress: [ProjectID: [Int64: Egress]] = [:]

    /// Counts what was stored, or with negative numbers removed.
    mutating func addStored(_ project: ProjectID, bytes: Int64, segments: Int64) {
        stored[project, default: Stored()].bytes &+= bytes
        stored[project, default: Stored()].segments &+= segments
        guard storedDuringTally != nil else { return }
        storedDuringTally?[project, default: Stored()].bytes &+= bytes
        storedDuringTally?[project, default: Stored()].segments &+= segments
    }

    /// Counts egress of a day.
    mutating func addEgress(_ project: ProjectID, day: Int64, _ bytes: Egress) {
        egress[project, default: [:]][day, default: Egress()] += bytes
    }

    /// Begins a tally: what is counted from now on is kept apart.
    mutating func beginTally() { storedDuringTally = [:] }

    /// Ends a tally: its totals and what came in meanwhile replace what was counted.
    mutating func endTally(_ totals: [ProjectID: (bytes: Int64, segments: Int64)]?) {
        defer { storedDuringTally = nil }
        guard let totals else { return }
        stored = totals.mapValues { Stored(bytes: $0.bytes, segments: $0.segments) }
        for (project, meanwhile) in storedDuringTally ?? [:] {
            stored[project, default: Stored()].bytes &+= meanwhile.bytes
            stored[project, default: Stored()].segments &+= meanwhile.segments
        }
    }

    /// Forgets days before the month.
    mutating func forgetEgress(before month: Int64) {
        for (project, days) in egress {
            let kept = days.filter { $0.key >= month }
            egress[project] = kept.isEmpty ? nil : kept
        }
    }

    /// The usage at a moment. Days older than `unsettledDays` count what was settled, younger ones what was allocated
    /// and is not known to be unused.
    func usage(of project: ProjectID, at now: Timestamp, unsettledDays: Int) -> ProjectUsage {
        var usage = ProjectUsage()
        usage.storageBytes = max(0, stored[project]?.bytes ?? 0)
        usage.segments = max(0, stored[project]?.segments ?? 0)
        let month = now.startOfMonthSeconds
        let firstUnsettled = now.startOfDaySeconds - Int64(unsettledDays) * 86400
        for (day, bytes) in egress[project] ?? [:] where day >= month {
            usage.bandwidthBytes &+= day < firstUnsettled ? bytes.settled : max(0, bytes.allocated &- bytes.dead)
        }
        return usage
    }
}
