package import Metabase
package import StorageModel

/// Looks at every segment once a pass: each range of rows gets a fork of its own, whose findings are joined.
///
/// One that throws is left out for the rest of the pass; the others go on.
///
/// - Source: protocol document 3 §6.1.
package protocol SegmentObserver: Sendable {
    /// Its name in logs and for operators.
    var name: String { get }
    /// Begins a pass with nothing found.
    func begin(_ pass: RangedLoopPass) async throws
    /// Begins a range. Runs on a database thread.
    func fork(_ nodes: NodeTable) throws -> any SegmentFork
    /// Takes what a range has found. Runs on a database thread, several at once.
    func join(_ fork: any SegmentFork) throws
    /// Ends a pass in which every range was joined.
    func finish(_ pass: RangedLoopPass) async throws
}

/// An observer's part in one range: used by one thread, never shared.
package protocol SegmentFork: AnyObject {
    /// Looks at the next segments of the range.
    func process(_ segments: [ScannedSegment]) throws
}

/// What is common to a pass.
package struct RangedLoopPass: Hashable, Sendable {
    /// When the pass began: what is shown is at least as new.
    package let start: Timestamp
    /// Segments seen; complete when an observer finishes.
    package internal(set) var segmentCount = 0
}
