import ErasureCode
import NIOCore
import PieceTransfer
import StorageModel

/// Turns k pieces back into the segment's stripes, window by window, where an upload can encode new pieces from them.
enum SegmentRebuild {
    /// Decodes proven pieces.
    ///
    /// The padding is part of the stripes and stays as it was: whoever uploaded decided about it.
    /// - Parameters:
    ///   - pieces: exactly k, all of `pieceSize` bytes.
    ///   - memory: of which the segment's size is taken, until the buffer is released or an upload of it has ended.
    /// - Throws: `ErasureCodeError`, `TransferError`, `CancellationError`.
    static func buffer(
        _ pieces: [(number: Int, bytes: ByteBuffer)], pieceSize: Int, scheme: RedundancyScheme,
        memory: TransferMemory
    ) async throws -> SegmentBuffer {
        let decoder = try ErasureDecoder(scheme: scheme, pieceNumbers: pieces.map(\.number))
        let segment = try SegmentBuffer(
            scheme: scheme, blockSize: 1, capacity: Int64(pieceSize * scheme.requiredShares), memory: memory)
        let window = max(1, TransferMemory.slabSize / scheme.stripeSize) * scheme.shareSize
        let shares = pieces.map(\.bytes)
        for start in stride(from: 0, to: pieceSize, by: window) {
            try Task.checkCancellation()
            let length = min(window, pieceSize - start)
            try await segment.write(count: length * scheme.requiredShares) { stripes in
                withPointers(to: shares[...]) { inputs in
                    decoder.decode(inputs.map { $0 + start }, length: length, into: stripes)
                }
            }
        }
        segment.finishPadded()
        return segment
    }

    /// Opens all buffers, none of them empty, at once.
    private static func withPointers(
        to buffers: ArraySlice<ByteBuffer>, collected: [UnsafeRawPointer] = [], _ body: ([UnsafeRawPointer]) -> Void
    ) {
        guard let next = buffers.first else { return body(collected) }
        next.withUnsafeReadableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            withPointers(to: buffers.dropFirst(), collected: collected + [base], body)
        }
    }
}
