package import Orders

/// Stores missing pieces of a segment on new nodes: as many as can be had, since each makes the segment safer.
///
/// It is an upload's engine without its all or nothing: pieces go out in parallel, window by window, hashed with BLAKE3,
/// and each node's signed answer is verified.
/// - Source: protocol document 3 §6.5 step 5.
package struct PiecePush: Sendable {
    private let uploader: PieceUploader

    /// Pushes with an uploader's connections, encoders and settings.
    package init(uploader: PieceUploader) {
        self.uploader = uploader
    }

    /// Stores pieces.
    ///
    /// - Parameters:
    ///   - segment: complete, or still being written; its memory is given back at the end.
    ///   - limits: for PUT_REPAIR, index = piece number; nil for pieces that are not to be stored. All with one serial number,
    ///     each on another node.
    ///   - key: the key whose public half the limits name.
    ///   - goal: how many pieces are enough: who is slower is cancelled then. At least 1.
    ///   - limit: how long it may take.
    /// - Throws: `TransferError.malformedOffer`, `CancellationError`, what was given to `segment.fail`.
    package func push(
        _ segment: SegmentBuffer, limits: [AddressedLimit?], key: PieceKey, goal: Int, within limit: Duration
    ) async throws -> PiecePushReport {
        precondition(goal >= 1, "somebody wants a piece stored")
        let assignment = SegmentAssignment(scheme: segment.scheme, limits: limits, privateKey: key)
        let (stored, failures) = try await SegmentUpload(uploader, segment, assignment, goal: goal).run(within: limit)
        return PiecePushReport(stored: stored, failures: failures)
    }
}

/// What became of pieces that were pushed.
package struct PiecePushReport: Sendable {
    /// Stored, each node's answer verified; ascending by number. More than the goal when several came in at once.
    package let stored: [UploadedPiece]
    /// Not stored, and why.
    package let failures: [PieceFailure]

    /// A report.
    package init(stored: [UploadedPiece], failures: [PieceFailure]) {
        self.stored = stored
        self.failures = failures
    }
}
