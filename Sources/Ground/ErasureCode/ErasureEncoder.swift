package import StorageModel

/// Turns stripes into the shares of all pieces.
///
/// ```swift
/// let encoder = ErasureEncoder(scheme: .development)
/// let pieces = encoder.encode(stripes)    // ten pieces, each a quarter of the stripes' bytes
/// ```
///
/// - Source: protocol document 1 §7.1–7.2.
package struct ErasureEncoder: Sendable {
    /// How the data are spread.
    package let scheme: RedundancyScheme
    private let parity: MatrixKernel

    /// Bytes of a piece computed in one go: with them all shares of a window stay in the second cache.
    static let windowSize = 4096

    /// An encoder; making it costs a matrix of (n − k) × k, using it nothing but the work.
    package init(scheme: RedundancyScheme) {
        self.scheme = scheme
        let data = Array(0..<scheme.requiredShares)
        let rest = Array(scheme.requiredShares..<scheme.totalShares)
        parity = MatrixKernel(matrix: Interpolation.matrix(known: data, wanted: rest), inputCount: data.count)
    }

    /// The shares of a window of stripes, appended to nothing: n pieces of `stripes.count / requiredShares` bytes.
    ///
    /// - Parameter stripes: a whole number of stripes of `scheme.stripeSize` bytes.
    package func encode(_ stripes: [UInt8]) -> [[UInt8]] {
        let size = stripes.count / scheme.requiredShares
        var pieces = [UInt8](repeating: 0, count: size * scheme.totalShares)
        pieces.withUnsafeMutableBytes { pieces in
            stripes.withUnsafeBytes { encode($0, into: Self.rows(of: pieces, count: scheme.totalShares)) }
        }
        return (0..<scheme.totalShares).map { Array(pieces[$0 * size..<($0 + 1) * size]) }
    }

    /// Writes the shares of a window of stripes to the caller's buffers.
    ///
    /// - Parameters:
    ///   - stripes: a whole number of stripes of `scheme.stripeSize` bytes.
    ///   - pieces: n buffers of `stripes.count / requiredShares` bytes, index = piece number.
    package func encode(_ stripes: UnsafeRawBufferPointer, into pieces: [UnsafeMutableRawBufferPointer]) {
        precondition(stripes.count % scheme.stripeSize == 0, "only whole stripes are encoded")
        precondition(pieces.count == scheme.totalShares, "every piece has its buffer")
        precondition(pieces.allSatisfy { $0.count == stripes.count / scheme.requiredShares }, "shares fill the buffers")
        let window = Self.stripesPerWindow(shareSize: scheme.shareSize) * scheme.shareSize
        for start in stride(from: 0, to: stripes.count / scheme.requiredShares, by: window) {
            encodeWindow(stripes, into: pieces, start: start, length: min(window, pieces[0].count - start))
        }
    }

    /// Writes the shares of one piece of a window of stripes to the caller's buffer: for a piece that starts late.
    ///
    /// A data piece is only copied; any other costs a share of encoding all.
    ///
    /// - Parameters:
    ///   - stripes: a whole number of stripes of `scheme.stripeSize` bytes.
    ///   - number: of the piece, in `0..<scheme.totalShares`.
    ///   - output: `stripes.count / requiredShares` bytes.
    package func encode(
        _ stripes: UnsafeRawBufferPointer, piece number: Int, into output: UnsafeMutableRawBufferPointer
    ) {
        precondition(stripes.count % scheme.stripeSize == 0, "only whole stripes are encoded")
        precondition((0..<scheme.totalShares).contains(number), "the piece is one of the scheme's")
        precondition(output.count == stripes.count / scheme.requiredShares, "shares fill the buffer")
        if number < scheme.requiredShares { return gather(stripes, column: number, into: output) }
        let data = Array(0..<scheme.requiredShares)
        let row = MatrixKernel(matrix: Interpolation.matrix(known: data, wanted: [number]), inputCount: data.count)
        let window = Self.stripesPerWindow(shareSize: scheme.shareSize) * scheme.shareSize
        withUnsafeTemporaryAllocation(byteCount: data.count * min(window, output.count), alignment: 64) { scratch in
            for start in stride(from: 0, to: output.count, by: window) {
                let length = min(window, output.count - start)
                let source = stripes[start * data.count..<(start + length) * data.count]
                let columns = Self.rows(
                    of: UnsafeMutableRawBufferPointer(rebasing: scratch[..<(length * data.count)]), count: data.count)
                for (column, buffer) in columns.enumerated() {
                    gather(UnsafeRawBufferPointer(rebasing: source), column: column, into: buffer)
                }
                row.multiply(
                    inputs: columns.compactMap { UnsafeRawPointer($0.baseAddress) },
                    outputs: [output.baseAddress].compactMap { $0.map { $0 + start } }, length: length)
            }
        }
    }

    /// Copies the shares of one data column, which fill `output`.
    private func gather(_ stripes: UnsafeRawBufferPointer, column: Int, into output: UnsafeMutableRawBufferPointer) {
        let share = scheme.shareSize
        for stripe in 0..<output.count / share {
            let source = stripe * scheme.stripeSize + column * share
            UnsafeMutableRawBufferPointer(rebasing: output[stripe * share..<(stripe + 1) * share])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: stripes[source..<source + share]))
        }
    }

    /// Encodes bytes `start..<start + length` of every piece.
    private func encodeWindow(
        _ stripes: UnsafeRawBufferPointer, into pieces: [UnsafeMutableRawBufferPointer], start: Int, length: Int
    ) {
        let range = start * scheme.requiredShares..<(start + length) * scheme.requiredShares
        for number in 0..<scheme.requiredShares {
            gather(
                UnsafeRawBufferPointer(rebasing: stripes[range]), column: number,
                into: UnsafeMutableRawBufferPointer(rebasing: pieces[number][start..<start + length]))
        }
        let rows = pieces.compactMap { $0.baseAddress.map { $0 + start } }
        parity.multiply(
            inputs: rows.prefix(scheme.requiredShares).map { UnsafeRawPointer($0) },
            outputs: Array(rows.dropFirst(scheme.requiredShares)), length: length)
    }

    static func stripesPerWindow(shareSize: Int) -> Int { max(1, windowSize / shareSize) }

    /// Cuts a buffer into `count` rows of equal length.
    static func rows(of buffer: UnsafeMutableRawBufferPointer, count: Int) -> [UnsafeMutableRawBufferPointer] {
        let size = buffer.count / count
        return (0..<count).map { UnsafeMutableRawBufferPointer(rebasing: buffer[$0 * size..<($0 + 1) * size]) }
    }
}
