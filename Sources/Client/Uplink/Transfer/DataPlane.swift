internal import DRPC
internal import Encryption
internal import Logging
internal import PieceTransfer
internal import StorageModel

/// What moving content takes, one set for a project: memory, what is known of nodes, threads for files.
struct DataPlane: Sendable {
    /// Bounds what all uploads of the project hold at the same time.
    let memory: TransferMemory
    /// Moves the pieces of a segment to nodes.
    let uploader: PieceUploader
    /// Brings pieces of a segment from nodes.
    let downloader: PieceDownloader
    /// Where files are read and written.
    let files: FileThreads
    /// Segments of one object that are fetched at the same time, at least 1.
    let segmentsInFlight: Int
    /// Segments of one object that are sent at the same time, at least 1: no more than the memory can feed.
    let sendingSegments: Int

    /// A data plane.
    init(
        configuration: Configuration, dialer: any RPCDialer, clock: TransferClock,
        settings: TransferSettings = TransferSettings()
    ) {
        memory = TransferMemory(budget: configuration.memoryBudget)
        let book = NodeBook(clock: clock)
        uploader = PieceUploader(
            dialer: dialer, book: book, settings: settings, clock: clock, logger: configuration.logger)
        downloader = PieceDownloader(
            dialer: dialer, book: book, settings: settings, clock: clock, logger: configuration.logger)
        files = FileThreads(count: 4)
        segmentsInFlight = max(1, configuration.segmentsInFlight)
        sendingSegments = min(segmentsInFlight, max(0, configuration.memoryBudget) / SegmentCipher.maximumPlainSize + 1)
    }

    /// Ends the threads.
    func shutdown() async { await files.shutdown() }
}
