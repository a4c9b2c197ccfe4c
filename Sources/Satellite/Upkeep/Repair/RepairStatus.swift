package import StorageModel

/// What operators see of repair.
package struct RepairStatus: Sendable, Hashable {
    /// Segments that wait, those that may be tried now among them, and those that cannot be restored at present.
    package var queueLength = 0
    package var dueCount = 0
    package var irreparableCount = 0
    /// Segments under repair.
    package var running: [RunningRepair] = []
    /// What was done since the start.
    package var totals = RepairTotals()
    /// Segments and bytes, both ways, in a second, over the last minutes in which something was done.
    package var segmentsPerSecond = 0.0
    package var bytesPerSecond = 0.0
    /// Up to 100 segments that cannot be restored at present, in the order of the queue.
    package var irreparable: [QueuedRepair] = []
    /// Up to 100 segments in the order of their turn.
    package var next: [QueuedRepair] = []
    /// The newest repairs that did not end well, newest first, up to 20.
    package var recentProblems: [RepairProblem] = []
}

/// A segment under repair.
package struct RunningRepair: Sendable, Hashable {
    package let place: SegmentPlace
    package let start: Timestamp
    package var step: RepairStep
}

/// What is going on with a segment.
package enum RepairStep: String, Sendable, Hashable {
    /// Waits for memory, or reads the metadata.
    case starting
    /// Good pieces come in.
    case downloading
    /// New pieces go out.
    case uploading
}

/// Counts since the start.
package struct RepairTotals: Sendable, Hashable {
    /// When counting began.
    package var start: Timestamp?
    /// Segments brought back above the threshold.
    package var repairedSegments = 0
    /// Segments that got new pieces and need more.
    package var partlyRepairedSegments = 0
    /// Segments that turned out to need nothing, or to be gone.
    package var spuriousSegments = 0
    /// Attempts that changed nothing.
    package var failedAttempts = 0
    package var addedPieces = 0
    package var removedPieces = 0
    /// Pieces that nodes did not have, or not as they were uploaded.
    package var badPieces = 0
    /// Bytes of pieces that came in and went out.
    package var receivedBytes: Int64 = 0
    package var sentBytes: Int64 = 0
}

/// A repair that did not end well.
package struct RepairProblem: Sendable, Hashable {
    package let place: SegmentPlace
    package let time: Timestamp
    package let text: String
}
