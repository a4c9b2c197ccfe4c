package import DRPC
package import Logging
import StorageModel

/// Fetches the pieces of segments: k at a time, others in the stead of those that fail or stall, decoded as they come.
package struct PieceDownloader: Sendable {
    private let dialer: any RPCDialer
    private let book: NodeBook
    private let settings: TransferSettings
    private let clock: TransferClock
    private let logger: Logger
    private let crowd: DownloadCrowd

    /// A downloader for any number of segments, one after another or at once.
    ///
    /// - Parameter book: what is known of nodes; it is asked and told.
    package init(
        dialer: any RPCDialer, book: NodeBook, settings: TransferSettings, clock: TransferClock, logger: Logger
    ) {
        self.dialer = dialer
        self.book = book
        self.settings = settings
        self.clock = clock
        self.logger = logger
        crowd = DownloadCrowd(memory: settings.downloadMemory)
    }

    /// Fetches a range of a segment and hands its stripes on, in order.
    ///
    /// Without correction whatever k nodes say is delivered: the bytes are authenticated by whoever decrypts them.
    /// Memory is bounded whatever the size: per piece some hundred KiB, and a window of 256 KiB or one stripe.
    /// - Parameters:
    ///   - assignment: what the satellite offered.
    ///   - range: bytes of every piece, whole shares, not empty: `StripeLayout.pieceRange`.
    ///   - correction: whether to fetch every piece and correct what lies.
    ///   - more: asks the satellite for fresh limits for every piece; called a few times at most, and only when needed.
    ///   - deliver: takes a whole number of stripes, valid during the call; nodes are held back meanwhile. Runs in the
    ///     caller's task.
    /// - Returns: which nodes failed or lied on the way.
    /// - Throws: `TransferError`; what `more` and `deliver` throw, unchanged; `CancellationError`.
    /// - Source: protocol document 3 §1.4, §2.1 and §2.3.
    @discardableResult
    package func download(
        _ assignment: SegmentAssignment, range: Range<Int64>, correction: Correction = .off,
        more: () async throws -> SegmentAssignment, deliver: (UnsafeRawBufferPointer) async throws -> Void
    ) async throws -> DownloadReport {
        let scheme = assignment.scheme
        let share = Int64(scheme.shareSize)
        precondition(range.lowerBound >= 0 && !range.isEmpty, "a range holds bytes of the pieces")
        precondition(range.lowerBound % share == 0 && range.upperBound % share == 0, "only whole shares are decoded")
        let machine = DownloadMachine(
            scheme: scheme, size: range.upperBound - range.lowerBound, settings: settings, correction: correction,
            now: clock.now())
        let download = SegmentDownload(machine: machine, clock: clock, crowd: crowd)
        crowd.enter()
        defer { crowd.leave() }
        offer(assignment, to: download)
        return try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await watch(download) }
            defer { group.cancelAll() }
            var decoder = WindowDecoder(scheme: scheme, windowSize: Int(min(machine.windowSize, machine.size)))
            while true {
                try Task.checkCancellation()
                switch download.nextStep() {
                case .start(let pieces):
                    for piece in pieces {
                        let reception = reception(piece.id, piece.offer, piece.position, range, download)
                        group.addTask { await reception.run() }
                    }
                case .deliver(let window):
                    try await deliver(try stripes(of: window, correction, &decoder, download))
                    download.delivered()
                case .more:
                    try await offerMore(to: download, more)
                case .wait:
                    await download.wait()
                case .finished:
                    return download.report
                case .fail(let error):
                    throw error
                }
            }
        }
    }

    private func reception(
        _ id: Int, _ offer: PieceOffer, _ start: Int64, _ range: Range<Int64>, _ download: SegmentDownload
    ) -> PieceReception {
        PieceReception(
            id: id, offer: offer, range: range.lowerBound + start..<range.upperBound, chunkSize: settings.downloadChunkSize,
            dialer: dialer, book: book, download: download)
    }

    private func stripes(
        of window: DownloadWindow, _ correction: Correction, _ decoder: inout WindowDecoder,
        _ download: SegmentDownload
    ) throws -> UnsafeRawBufferPointer {
        if correction == .off { return try decoder.decode(window) }
        do {
            let stripes = try decoder.correct(window)
            download.corrected(decoder.corruptPieces)
            return stripes
        } catch {
            throw TransferError.tooManyCorruptPieces(failures: download.report.corruptPieces + download.report.failures)
        }
    }

    /// Asks the satellite for fresh limits; a refusal is fatal only when they are needed.
    private func offerMore(
        to download: SegmentDownload, _ more: () async throws -> SegmentAssignment
    ) async throws {
        do {
            offer(try await more(), to: download)
        } catch {
            guard !Task.isCancelled, download.refuseMore() else { throw error }
            logger.debug("no more limits for a segment", metadata: ["error": "\(error)"])
        }
    }

    /// Offers what the satellite does, best first; of equally good nodes those with data pieces, which need no decoding.
    private func offer(_ assignment: SegmentAssignment, to download: SegmentDownload) {
        let offers = PieceOffer.all(in: assignment)
        let ranked = book.ordered(Array(offers.indices)) { offers[$0].nodeID }.map { offers[$0] }
        download.offer(ranked, goodCount: ranked.count { !book.isSuspect($0.nodeID) })
    }

    /// Looks at the clock until the download is over.
    private func watch(_ download: SegmentDownload) async {
        while !Task.isCancelled {
            // A cut sleep is the end of the download.
            do { try await clock.sleep(DownloadMachine.checkInterval(settings)) } catch { return }
            for node in download.check() { book.stalled(node) }
        }
    }
}
