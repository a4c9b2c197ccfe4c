internal import ErasureCode
internal import NIOCore
internal import StorageModel

/// Turns a segment into shares window by window, once for all pieces that keep up, and hands them to their senders.
///
/// A piece whose connection is full keeps a few windows; one that lags further, or starts late, gets its own row of each
/// window when it has room, so that nobody waits for the slowest. Used by the upload's own task only.
final class WindowEncoder {
    private let segment: SegmentBuffer
    private let encoder: ErasureEncoder
    private let settings: TransferSettings
    /// Bytes of a piece in a window: whole shares.
    private let windowSize: Int
    private var senders: [PieceSender] = []
    /// Bytes of the pieces that are over, for the count of bytes sent.
    private var finishedOffsets: [Int: Int64] = [:]

    init(segment: SegmentBuffer, encoder: ErasureEncoder, settings: TransferSettings) {
        self.segment = segment
        self.encoder = encoder
        self.settings = settings
        windowSize = Self.windowSize(segment.scheme, settings)
    }

    /// Whole groups of the hash in a buffer that is, with the room around them, just below a power of two, since that is
    /// what buffers take; all pieces together stay in the cache.
    private static func windowSize(_ scheme: RedundancyScheme, _ settings: TransferSettings) -> Int {
        let group = 16 << 10
        var size = settings.chunkSize
        while size > 2 * group, size * scheme.totalShares > settings.windowSize { size /= 2 }
        let groups = max(1, (size - PieceSender.rowOverhead) / group)
        return (groups * group + scheme.shareSize - 1) / scheme.shareSize * scheme.shareSize
    }

    private var dataWindowSize: Int { windowSize * segment.scheme.requiredShares }

    /// Sends a piece from its beginning.
    func add(_ sender: PieceSender) { senders.append(sender) }

    /// Sends no more of a piece.
    func remove(attempt: Int) {
        guard let index = senders.firstIndex(where: { $0.attempt == attempt }) else { return }
        let sender = senders.remove(at: index)
        if sender.isDone { finishedOffsets[sender.number] = sender.offset }
    }

    /// Pieces that cannot be sent on, and why.
    var failures: [(attempt: Int, error: TransferError)] {
        senders.compactMap { sender in sender.failure.map { (sender.attempt, $0) } }
    }

    /// Notes that time has passed.
    func tick() {
        for sender in senders { sender.tick() }
    }

    /// Where all pieces stand.
    var reports: [UploadRace.Report] {
        senders.map { UploadRace.Report(attempt: $0.attempt, position: $0.messageCount, isBlocked: $0.isBlocked) }
    }

    /// Sends what can be sent now, at most one new window a piece.
    ///
    /// - Returns: whether anything was done; if not, the caller waits for room, for bytes or for another piece.
    /// - Throws: what the segment failed with.
    func advance() throws -> Bool {
        let available = try windowsAvailable()
        var isMoved = flush(available)
        for window in Set(senders.filter { isReady($0, available) }.map(\.encodedCount)).sorted() {
            let group = group(window, available)
            guard !group.isEmpty else { continue }
            encode(window, for: group, available)
            isMoved = true
        }
        if isMoved {
            _ = flush(available)
            report()
        }
        return isMoved
    }

    // MARK: What there is to do

    private struct Available {
        /// Windows that can be encoded.
        var windowCount: Int
        /// Bytes of every piece, once they are known.
        var pieceSize: Int?
    }

    private func windowsAvailable() throws -> Available {
        let next = (senders.map(\.encodedCount).max() ?? 0) + 1
        let extent = try segment.extent(wanting: next * dataWindowSize)
        guard extent.isComplete else { return Available(windowCount: extent.count / dataWindowSize) }
        let pieceSize = extent.count / segment.scheme.requiredShares
        return Available(windowCount: (pieceSize + windowSize - 1) / windowSize, pieceSize: pieceSize)
    }

    private func isReady(_ sender: PieceSender, _ available: Available) -> Bool {
        sender.hasRoom && sender.waitingCount == 0 && sender.encodedCount < available.windowCount
    }

    /// Who gets the shares of a window: those that want them now and, of the foremost, those that soon will.
    ///
    /// The foremost wait until half of them want the next window: else the fastest would leave all others behind, and each
    /// would be encoded for by itself. Who is stuck does not count.
    private func group(_ window: Int, _ available: Available) -> [PieceSender] {
        let members = senders.filter { $0.encodedCount == window && !$0.isDone }
        let ready = members.filter { isReady($0, available) }
        guard senders.allSatisfy({ $0.encodedCount <= window }) else { return ready }
        let awaitedCount = members.reduce(0) { $0 + ($1.isStuck ? 0 : 1) }
        guard ready.count * 2 >= awaitedCount else { return [] }
        return members.filter { isReady($0, available) || $0.waitingCount < settings.windowsAhead }
    }

    private func flush(_ available: Available) -> Bool {
        let windowCount = available.pieceSize == nil ? nil : available.windowCount
        var hasSent = false
        for sender in senders where sender.waitingCount > 0 {
            if sender.send(windowCount: windowCount, pieceSize: available.pieceSize.map(Int64.init)) { hasSent = true }
        }
        return hasSent
    }

    /// Tells the segment how much of it as many nodes as needed have taken.
    private func report() {
        let offsets = (Array(finishedOffsets.values) + senders.map(\.offset)).sorted(by: >)
        let optimal = segment.scheme.optimalShares
        guard offsets.count >= optimal else { return }
        segment.report(sent: Int(offsets[optimal - 1]) * segment.scheme.requiredShares)
    }

    // MARK: Encoding

    private func encode(_ window: Int, for group: [PieceSender], _ available: Available) {
        let start = window * windowSize
        let count = min(windowSize, (available.pieceSize ?? .max) - start)
        var rows = group.map { _ in PieceSender.makeRow(count: count) }
        // The storage of a buffer stays where it is until the buffer is changed, and nobody else knows these buffers.
        let outputs = rows.indices.map { index in
            rows[index].withUnsafeMutableWritableBytes { UnsafeMutableRawBufferPointer(rebasing: $0[..<count]) }
        }
        let k = segment.scheme.requiredShares
        if group.count == 1 {
            segment.withRuns(start * k..<(start + count) * k) { run, offset in
                encoder.encode(run, piece: group[0].number, into: Self.part(outputs[0], offset / k, run.count / k))
            }
        } else {
            let unwanted = segment.scheme.totalShares - group.count
            withUnsafeTemporaryAllocation(byteCount: max(1, unwanted * count), alignment: 64) { scratch in
                let all = self.outputs(group, outputs, scratch, count)
                segment.withRuns(start * k..<(start + count) * k) { run, offset in
                    encoder.encode(run, into: all.map { Self.part($0, offset / k, run.count / k) })
                }
            }
        }
        for (index, sender) in group.enumerated() {
            rows[index].moveWriterIndex(forwardBy: count)
            sender.append(rows[index])
        }
    }

    /// One buffer a piece: those of the group, and scratch for the others.
    private func outputs(
        _ group: [PieceSender], _ wanted: [UnsafeMutableRawBufferPointer], _ scratch: UnsafeMutableRawBufferPointer,
        _ count: Int
    ) -> [UnsafeMutableRawBufferPointer] {
        var unused = 0
        return (0..<segment.scheme.totalShares).map { number in
            if let index = group.firstIndex(where: { $0.number == number }) { return wanted[index] }
            defer { unused += 1 }
            return Self.part(scratch, unused * count, count)
        }
    }

    private static func part(
        _ buffer: UnsafeMutableRawBufferPointer, _ start: Int, _ count: Int
    ) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + count])
    }
}
