public import NIOCore
internal import Synchronization

/// The content of an object, or of a range of it, on its way.
///
/// Iterate over it once. Whoever stops early stops the download.
///
/// ```swift
/// let download = try await project.download(bucket: "photos", key: "2026/cat.jpg")
/// for try await buffer in download { jpeg.writeImmutableBuffer(buffer) }
/// ```
public struct Download: AsyncSequence, Sendable {
    /// A run of content.
    public typealias Element = ByteBuffer

    /// What is known of the object.
    public var object: Object { source.object }
    /// The bytes of the object that will come.
    public var range: Range<Int64> { source.plan.range }
    private let source: DownloadSource
    private let segmentsInFlight: Int

    init(source: DownloadSource, segmentsInFlight: Int) {
        self.source = source
        self.segmentsInFlight = segmentsInFlight
    }

    /// Starts the download.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(run: DownloadRun(source: source, segmentsInFlight: segmentsInFlight))
    }

    /// Yields the content in order, in buffers of some hundred KiB.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let run: DownloadRun

        init(run: DownloadRun) { self.run = run }

        /// The next bytes; nil at the end.
        ///
        /// - Throws: ``UplinkError``, `CancellationError`.
        public mutating func next() async throws -> ByteBuffer? { try await run.next() }
    }
}

/// Fetches several segments at the same time and yields their content in order. Stops when it is released.
final class DownloadRun {
    /// Bytes of a buffer that is yielded.
    private static let runSize = 256 << 10
    /// Bytes of one segment that wait for the reader.
    private static let channelCapacity = 256 << 10

    private struct Segment {
        let channel: ByteChannel
        let task: Task<Void, Never>
    }

    private let source: DownloadSource
    private let segmentsInFlight: Int
    private var moving: [Segment] = []
    private var nextIndex = 0

    init(source: DownloadSource, segmentsInFlight: Int) {
        self.source = source
        self.segmentsInFlight = segmentsInFlight
    }

    deinit { stop() }

    /// The next bytes; nil at the end.
    func next() async throws -> ByteBuffer? {
        while true {
            while moving.count < segmentsInFlight, nextIndex < source.plan.places.count { start() }
            guard let first = moving.first else { return nil }
            do {
                if let buffer = try await first.channel.take() { return buffer }
            } catch {
                stop()
                throw error
            }
            moving.removeFirst()
        }
    }

    private func start() {
        let channel = ByteChannel(capacity: Self.channelCapacity)
        let source = source
        let index = nextIndex
        let task = Task { await DownloadRun.fetch(index, of: source, into: channel) }
        moving.append(Segment(channel: channel, task: task))
        nextIndex += 1
    }

    private static func fetch(_ index: Int, of source: DownloadSource, into channel: ByteChannel) async {
        do {
            try await source.fetch(index, runSize: DownloadRun.runSize) { buffer in
                try await channel.give(buffer)
                return ByteBuffer()
            }
            channel.finish(.success(()))
        } catch {
            channel.finish(.failure(error))
        }
    }

    private func stop() {
        for segment in moving {
            segment.task.cancel()
            segment.channel.abandon()
        }
        moving = []
        nextIndex = source.plan.places.count
    }
}

extension Project {
    /// Begins to read an object.
    ///
    /// - Throws: ``UplinkError/Code/objectNotFound``, ``UplinkError/Code/wrongPassphrase``,
    ///   ``UplinkError/Code/permissionDenied`` and others; `CancellationError`.
    public func download(
        bucket: String, key: String, options: DownloadOptions = DownloadOptions()
    ) async throws -> Download {
        let source = try await DownloadSource(project: self, bucket: bucket, key: key, options: options)
        return Download(source: source, segmentsInFlight: data.segmentsInFlight)
    }
}
