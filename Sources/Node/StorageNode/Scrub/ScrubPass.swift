/// One reading of everything that is stored, and what it found. Times are microseconds since 1970.
package struct ScrubPass: Codable, Hashable, Sendable {
    /// When it began.
    package var startedAt: Int64
    /// When it had read everything; nil while it has not.
    package var finishedAt: Int64?
    /// Pieces read.
    package var pieces = 0
    /// Bytes read.
    package var bytes: Int64 = 0
    /// Pieces that were bad.
    package var bad = 0
}

/// What a farmer sees of the scrub.
package struct ScrubStatus: Hashable, Sendable {
    /// Bytes a second it may read.
    package var rate: Int64
    /// Whether it stands still because somebody said so.
    package var isPaused: Bool
    /// The pass under way.
    package var current: ScrubPass?
    /// The last whole pass.
    package var last: ScrubPass?
    /// Bytes that a pass has to read, as far as is known now.
    package var total: Int64
}
