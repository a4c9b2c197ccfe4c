package import DRPC
package import Logging

/// Uploads segments: spreads each over nodes and is content once enough of them keep their piece.
package struct PieceUploader: Sendable {
    let dialer: any RPCDialer
    let book: NodeBook
    let settings: TransferSettings
    let clock: TransferClock
    let logger: Logger
    let encoders = EncoderCache()

    /// An uploader.
    package init(
        dialer: any RPCDialer, book: NodeBook, settings: TransferSettings, clock: TransferClock, logger: Logger
    ) {
        self.dialer = dialer
        self.book = book
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    /// Uploads the pieces of a segment, while it is still being written.
    ///
    /// - Parameters:
    ///   - segment: of the assignment's scheme; its memory is given back at the end.
    ///   - assignment: what the satellite offers.
    ///   - exchange: asks the satellite for other nodes in the place of those with the given piece numbers; the answer has
    ///     the complete list.
    /// - Returns: the stored pieces by number, at least `optimalShares`.
    /// - Throws: `TransferError`, what was given to `segment.fail`, `CancellationError`.
    package func upload(
        _ segment: SegmentBuffer, assignment: SegmentAssignment,
        exchange: @escaping @Sendable ([Int]) async throws -> SegmentAssignment
    ) async throws -> [UploadedPiece] {
        try await SegmentUpload(self, segment, assignment).run(exchange: exchange)
    }
}
