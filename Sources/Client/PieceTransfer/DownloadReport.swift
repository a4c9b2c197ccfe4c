/// Whether shares that lie are searched for.
package enum Correction: Hashable, Sendable {
    /// Exactly as many pieces as needed are fetched; whoever decrypts notices what is wrong.
    case off
    /// Every piece is fetched, and what most of them agree on is delivered.
    case on
}

/// What happened on the way to a segment's bytes.
package struct DownloadReport: Hashable, Sendable {
    /// The pieces that could not be had, in order of events.
    package internal(set) var failures: [PieceFailure] = []
    /// The pieces whose bytes were found wrong, with their nodes, ascending; only with correction.
    package internal(set) var corruptPieces: [PieceFailure] = []
    /// Bytes that arrived, of all pieces together.
    package internal(set) var receivedByteCount: Int64 = 0
}
