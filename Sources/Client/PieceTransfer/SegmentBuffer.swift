package import StorageModel
internal import Synchronization

/// The encrypted bytes of one segment, read by an upload while they are still being written.
///
/// They are kept until the upload is over, because a node that comes in late, or is slow, gets its piece encoded anew.
/// One task writes; the memory comes from `TransferMemory`, which holds the writer back.
package final class SegmentBuffer: Sendable {
    private struct State {
        var slabs: [MemorySlab] = []
        /// Bytes that readers may see.
        var writtenCount = 0
        /// Bytes with padding, a whole number of stripes; known at the end.
        var paddedCount: Int?
        var failure: (any Error)?
        /// The upload that reads, and how many bytes it waits for.
        var reader: Signal?
        var wantedCount = 0
    }

    /// How the segment will be spread.
    package let scheme: RedundancyScheme
    private let capacity: Int
    /// Bytes of a slab that are used: whole stripes, and whole blocks where that is possible.
    private let slabCount: Int
    private let account: MemoryAccount
    private let state = Mutex(State())
    private let sent = Atomic<Int64>(0)

    /// An empty segment.
    ///
    /// - Parameters:
    ///   - blockSize: bytes that are written as a whole; multiples of it are never copied.
    ///   - capacity: the most bytes that will be written; other segments get what this one cannot need.
    /// - Throws: `malformedOffer` when a stripe is larger than a slab of memory.
    package init(
        scheme: RedundancyScheme, blockSize: Int, capacity: Int64, memory: TransferMemory
    ) throws(TransferError) {
        let size = TransferMemory.slabSize
        guard scheme.stripeSize <= size else {
            throw .malformedOffer("stripes of \(scheme.stripeSize) bytes are not supported")
        }
        precondition(capacity >= 0 && capacity <= 1 << 40, "a segment's size is checked before")
        let common = Self.leastCommonMultiple(scheme.stripeSize, max(1, blockSize))
        let unit = common <= size ? common : scheme.stripeSize
        self.scheme = scheme
        self.capacity = Int(capacity)
        slabCount = size / unit * unit
        let slabs = (self.capacity + scheme.stripeSize + 4) / slabCount + 1
        account = memory.account(limit: slabs * size)
    }

    private static func leastCommonMultiple(_ left: Int, _ right: Int) -> Int {
        var (a, b) = (left, right)
        while b != 0 { (a, b) = (b, a % b) }
        return left / a * right
    }

    /// Encrypted bytes that as many nodes as needed have taken so far; never decreases.
    package var sentSize: Int64 { sent.load(ordering: .relaxed) }

    // MARK: The writer's side

    /// Encrypted bytes written so far, padding not counted.
    package var encryptedSize: Int64 { Int64(state.withLock { $0.writtenCount }) }

    /// Appends `count` bytes that `fill` writes to the buffer it gets; suspends while there is no memory.
    ///
    /// - Parameter count: at most `TransferMemory.slabSize`. Runs that do not cross a slab's end are written in place; those
    ///   that do are copied.
    /// - Throws: `TransferError.segmentTooLarge`, `CancellationError`, what was given to `fail`, what `fill` throws; then
    ///   nothing was appended.
    package func write(count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void) async throws {
        precondition((0...TransferMemory.slabSize).contains(count), "a write fits in a slab")
        var (slabs, start, failure) = state.withLock { ($0.slabs, $0.writtenCount, $0.failure) }
        if let failure { throw failure }
        guard start + count <= capacity else { throw TransferError.segmentTooLarge }
        while slabs.count * slabCount < start + count {
            slabs.append(try await takeSlab())
        }
        let (index, offset) = start.quotientAndRemainder(dividingBy: slabCount)
        if offset + count <= slabCount {
            if count > 0 { try fill(UnsafeMutableRawBufferPointer(rebasing: slabs[index].bytes[offset..<offset + count])) }
        } else {
            try withUnsafeTemporaryAllocation(byteCount: count, alignment: 16) { scratch in
                try fill(scratch)
                Self.copy(UnsafeRawBufferPointer(scratch), to: slabs, at: start, slabCount: slabCount)
            }
        }
        publish { $0.writtenCount = start + count }
    }

    private func takeSlab() async throws -> MemorySlab {
        do {
            let slab = try await account.take()
            // When the segment has failed in the meantime the slab goes back at once.
            if let failure = state.withLock({ state -> (any Error)? in
                if state.failure == nil { state.slabs.append(slab) }
                return state.failure
            }) { throw failure }
            return slab
        } catch let error as CancellationError {
            throw state.withLock { $0.failure } ?? error
        }
    }

    /// Says that all bytes are written, and appends the padding.
    ///
    /// - Source: protocol document 1 §7.2.
    package func finish() {
        let (written, isFinished) = state.withLock { ($0.writtenCount, $0.paddedCount != nil) }
        if isFinished { return }
        let stripe = scheme.stripeSize
        let padding = 4 + (stripe - (written + 4) % stripe) % stripe
        var bytes = [UInt8](repeating: 0, count: padding)
        for (index, shift) in [24, 16, 8, 0].enumerated() {
            bytes[padding - 4 + index] = UInt8(truncatingIfNeeded: padding >> shift)
        }
        publish { state in
            while state.slabs.count * slabCount < written + padding { state.slabs.append(account.takeAnyway()) }
            bytes.withUnsafeBytes { Self.copy($0, to: state.slabs, at: written, slabCount: slabCount) }
            state.paddedCount = written + padding
        }
        account.settle()
    }

    /// Says that all bytes are written and that they are whole stripes, padding included: as decoded from pieces.
    package func finishPadded() {
        precondition(state.withLock { $0.writtenCount } % scheme.stripeSize == 0, "padded segments are whole stripes")
        publish { $0.paddedCount = $0.writtenCount }
        account.settle()
    }

    /// Makes the upload fail because the bytes cannot be had, or the writer because nobody wants them. From any task.
    package func fail(_ error: any Error) {
        publish { state in
            if state.failure == nil { state.failure = error }
        }
        account.refuse()
    }

    private func publish(_ change: (inout State) -> Void) {
        let reader = state.withLock { state -> Signal? in
            change(&state)
            let isWanted =
                state.paddedCount != nil || state.failure != nil || state.writtenCount >= state.wantedCount
            return isWanted ? state.reader : nil
        }
        reader?.set()
    }

    private static func copy(
        _ bytes: UnsafeRawBufferPointer, to slabs: [MemorySlab], at start: Int, slabCount: Int
    ) {
        var (index, offset) = start.quotientAndRemainder(dividingBy: slabCount)
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(slabCount - offset)
            UnsafeMutableRawBufferPointer(rebasing: slabs[index].bytes[offset..<offset + part.count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: part))
            rest = rest.dropFirst(part.count)
            (index, offset) = (index + 1, 0)
        }
    }

    // MARK: The reader's side

    /// What can be read.
    struct Extent {
        /// Bytes that are there; with padding, once the end is known.
        var count: Int
        /// Whether no more will come.
        var isComplete: Bool
    }

    /// Tells `reader` from now on when there is something new.
    func attach(_ reader: Signal) {
        state.withLock { $0.reader = reader }
    }

    /// What can be read now; the reader is woken once there are `wantedCount` bytes, or all.
    ///
    /// - Throws: what was given to `fail`.
    func extent(wanting wantedCount: Int) throws -> Extent {
        let (extent, failure) = state.withLock { state in
            state.wantedCount = wantedCount
            let extent = Extent(
                count: state.paddedCount ?? state.writtenCount, isComplete: state.paddedCount != nil)
            return (extent, state.failure)
        }
        if let failure { throw failure }
        return extent
    }

    /// Shows bytes `range`, whole stripes that are there, in as few runs of whole stripes as they lie in memory.
    ///
    /// - Parameter body: gets each run, and where it begins in `range`.
    func withRuns(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer, Int) -> Void) {
        let slabs = state.withLock { $0.slabs }
        var position = range.lowerBound
        while position < range.upperBound {
            let (index, offset) = position.quotientAndRemainder(dividingBy: slabCount)
            let count = min(slabCount - offset, range.upperBound - position)
            // Bytes below the published count are never written again, so reading them is safe beside the writer.
            body(
                UnsafeRawBufferPointer(rebasing: slabs[index].bytes[offset..<offset + count]),
                position - range.lowerBound)
            position += count
        }
    }

    /// Says that as many nodes as needed have taken `count` bytes, padding included.
    func report(sent count: Int) {
        let size = min(Int64(count), encryptedSize)
        // One task reports, so a smaller number never comes between.
        if size > sent.load(ordering: .relaxed) { sent.store(size, ordering: .relaxed) }
    }

    /// Gives the memory back; nothing is read or written afterwards.
    func release() {
        state.withLock { state in
            state.slabs = []
            state.reader = nil
        }
    }
}
