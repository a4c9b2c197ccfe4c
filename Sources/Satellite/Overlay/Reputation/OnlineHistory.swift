package import StorageModel

/// How often a node could be reached, in windows of some hours.
///
/// Only windows in which the node was audited exist: a satellite that does not ask learns nothing and holds nothing
/// against anybody.
/// - Source: protocol document 3 §5.4.
package struct OnlineHistory: Sendable, Hashable {
    /// The audits of one window.
    package struct Window: Sendable, Hashable {
        /// Seconds since 1970 at which the window begins: a multiple of the length of windows.
        package let start: Int64
        /// Audits at which the node could be reached.
        package internal(set) var online: Int32
        /// All audits.
        package internal(set) var total: Int32
    }

    /// Windows kept at most, whatever the settings say: 16 bytes each.
    static let maximumWindows = 1000

    /// Oldest first.
    package private(set) var windows: [Window]

    /// Nothing known.
    package init() { windows = [] }

    /// Windows as they were; sorted, and without what makes no sense.
    init(windows: [Window]) {
        self.windows = windows.filter { $0.total > 0 && (0...$0.total).contains($0.online) }
            .sorted { $0.start < $1.start }
    }

    /// Counts one audit, and forgets windows that are too old.
    package mutating func record(isOnline: Bool, at now: Timestamp, settings: ReputationSettings) {
        let length = settings.windowSeconds
        let start = now.seconds - ((now.seconds % length) + length) % length
        // A clock that was set back must not open a second history: what comes late goes into the newest window.
        if windows.last.map({ $0.start < start }) ?? true { windows.append(Window(start: start, online: 0, total: 0)) }
        let newest = windows.count - 1
        if windows[newest].total < .max {
            windows[newest].total += 1
            windows[newest].online += isOnline ? 1 : 0
        }
        forget(before: windows[newest].start, settings)
    }

    /// The mean share of audits answered, over all windows but the newest, which is not over; 1 with fewer than two.
    package var score: Double {
        guard windows.count > 1 else { return 1 }
        let sum = windows.dropLast().reduce(0) { $0 + Double($1.online) / Double($1.total) }
        return sum / Double(windows.count - 1)
    }

    /// Whether the history reaches over a whole tracking period, so that it can be held against a node.
    package func isComplete(_ settings: ReputationSettings) -> Bool {
        windows.count > min(settings.windowsKept, Self.maximumWindows - 1)
    }

    private mutating func forget(before newest: Int64, _ settings: ReputationSettings) {
        let kept = min(settings.windowsKept, Self.maximumWindows - 1)
        let (span, isTooLong) = settings.windowSeconds.multipliedReportingOverflow(by: Int64(kept))
        windows.removeAll { !isTooLong && newest - $0.start > span }
        if windows.count > kept + 1 { windows.removeFirst(windows.count - kept - 1) }
    }
}
