package import NIOCore
import StorageModel
import Synchronization

/// Reads one stored piece; every byte it hands out was compared with the values stored when the piece came in.
///
/// A reader keeps its log's file open, so that garbage collection cannot take the bytes away under it.
package final class PieceReader: Sendable {
    /// What is known of the piece.
    package var piece: StoredPiece { trailer.piece }
    /// True when the piece was in the trash and was brought back for this reader.
    package let restoredFromTrash: Bool
    /// One BLAKE3 chaining value of 32 bytes for each 16 KiB; empty for pieces up to 16 KiB.
    package var groupValues: [UInt8] { trailer.groupValues }

    private let trailer: Trailer
    private let file: any File
    private let offset: Int64
    private let pool: BlockingPool
    /// The first bytes, when it was known which these would be.
    private let prefetched: Mutex<(range: Range<Int64>, bytes: ByteBuffer)?>

    /// The most bytes one call reads.
    package static let maximumCount = 256 << 10

    /// Reads `expecting` at once: to be called on the pool.
    init(
        trailer: Trailer, file: any File, offset: Int64, restoredFromTrash: Bool, expecting: Range<Int64>?,
        pool: BlockingPool
    ) {
        self.trailer = trailer
        self.file = file
        self.offset = offset
        self.restoredFromTrash = restoredFromTrash
        self.pool = pool
        prefetched = Mutex(nil)
        guard let expecting, !expecting.isEmpty, expecting.lowerBound >= 0, expecting.count <= Self.maximumCount,
            expecting.upperBound <= piece.size
        else { return }
        let groups = alignedRange(start: expecting.lowerBound, count: expecting.count)
        // A failure shows again, and is told, when the bytes are really read.
        guard let bytes = try? readGroups(groups),
            let slice = bytes.getSlice(at: Int(expecting.lowerBound - groups.lowerBound), length: expecting.count)
        else { return }
        prefetched.withLock { $0 = (expecting, slice) }
    }

    /// Reads `count` bytes, in `1...256 KiB`, from `offset`; slices of the result share its memory.
    ///
    /// Suspends for one hop to the pool: ask for much at once.
    /// - Throws: `PieceStoreError`: `.tooLarge` outside the piece, `.corrupt` when the bytes are not those stored.
    package func read(offset start: Int64, count: Int) async throws -> ByteBuffer {
        guard start >= 0, count >= 1, count <= Self.maximumCount, start <= piece.size - Int64(count) else {
            throw PieceStoreError(.tooLarge, "piece \(piece.pieceID) has no \(count) bytes at \(start)")
        }
        if let bytes = takePrefetched(start..<start + Int64(count)) { return bytes }
        let groups = alignedRange(start: start, count: count)
        let buffer = try await pool.run { try self.readGroups(groups) }
        guard let slice = buffer.getSlice(at: Int(start - groups.lowerBound), length: count) else {
            throw PieceStoreError(.corrupt, "piece \(piece.pieceID) is shorter than it was")
        }
        return slice
    }

    /// What was fetched for exactly this read; it is kept for one only.
    private func takePrefetched(_ range: Range<Int64>) -> ByteBuffer? {
        prefetched.withLock { prefetched in
            guard prefetched?.range == range else { return nil }
            defer { prefetched = nil }
            return prefetched?.bytes
        }
    }

    /// The whole groups around a range of content.
    private func alignedRange(start: Int64, count: Int) -> Range<Int64> {
        let group = GroupVerifier.groupSize
        let lower = start / group * group
        let upper = min(piece.size, (start + Int64(count) + group - 1) / group * group)
        return lower..<upper
    }

    /// Reads and verifies a range of whole groups.
    private func readGroups(_ range: Range<Int64>) throws -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: range.count)
        let done = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: range.count) { memory in
            let memory = UnsafeMutableRawBufferPointer(rebasing: memory[..<range.count])
            return try file.readFully(into: memory, at: offset + range.lowerBound)
        }
        guard done == range.count else {
            throw PieceStoreError(.corrupt, "piece \(piece.pieceID) is shorter than it was")
        }
        let isValid = buffer.withUnsafeReadableBytes {
            GroupVerifier.isValid($0, at: range.lowerBound, of: trailer)
        }
        guard isValid else {
            throw PieceStoreError(.corrupt, "piece \(piece.pieceID) has rotten bytes in \(range)")
        }
        return buffer
    }
}
