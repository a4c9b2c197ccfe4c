package import StorageModel

/// Turns the shares of k known pieces back into stripes; keep it for all windows of the same pieces.
///
/// It notices no corruption: whatever the shares say becomes data. `ErasureCorrector` compares more than k.
///
/// - Source: protocol document 1 §7.1.
package struct ErasureDecoder: Sendable {
    /// How the data are spread.
    package let scheme: RedundancyScheme
    /// The pieces this decoder takes, in the order of its inputs.
    package let pieceNumbers: [Int]
    /// The data columns that no piece given holds, in ascending order.
    private let missing: [Int]
    private let rebuild: MatrixKernel

    /// A decoder for exactly `requiredShares` distinct pieces.
    ///
    /// - Throws: `wrongPieceNumber`; `notEnoughShares` when the count is another.
    package init(scheme: RedundancyScheme, pieceNumbers: [Int]) throws(ErasureCodeError) {
        guard pieceNumbers.count == scheme.requiredShares else { throw .notEnoughShares }
        try Self.validate(pieceNumbers, scheme: scheme)
        self.scheme = scheme
        self.pieceNumbers = pieceNumbers
        missing = (0..<scheme.requiredShares).filter { !pieceNumbers.contains($0) }
        rebuild = MatrixKernel(
            matrix: Interpolation.matrix(known: pieceNumbers, wanted: missing), inputCount: pieceNumbers.count)
    }

    /// Refuses numbers outside the scheme and duplicates.
    static func validate(_ numbers: [Int], scheme: RedundancyScheme) throws(ErasureCodeError) {
        guard numbers.allSatisfy({ (0..<scheme.totalShares).contains($0) }), Set(numbers).count == numbers.count
        else { throw .wrongPieceNumber }
    }

    /// The stripes behind the first k of `shares`, any k pieces in any order.
    ///
    /// - Throws: `notEnoughShares`, `wrongPieceNumber`, `wrongShareLength`.
    package static func decode(
        _ shares: [ErasureShare], scheme: RedundancyScheme
    ) throws(ErasureCodeError) -> [UInt8] {
        let used = shares.prefix(scheme.requiredShares)
        return try Self(scheme: scheme, pieceNumbers: used.map(\.number)).decode(used.map(\.bytes))
    }

    /// The stripes behind one window of shares, `requiredShares` times as many bytes.
    ///
    /// - Parameter shares: as many bytes of every piece, in the order of `pieceNumbers`.
    /// - Throws: `notEnoughShares`, `wrongShareLength`.
    package func decode(_ shares: [[UInt8]]) throws(ErasureCodeError) -> [UInt8] {
        guard shares.count == pieceNumbers.count, let length = shares.first?.count else { throw .notEnoughShares }
        guard length % scheme.shareSize == 0, shares.allSatisfy({ $0.count == length }) else { throw .wrongShareLength }
        if length == 0 { return [] }
        return [UInt8](unsafeUninitializedCapacity: length * scheme.requiredShares) { stripes, count in
            Self.withBytes(of: shares) { inputs in
                decode(inputs, length: length, into: UnsafeMutableRawBufferPointer(stripes))
            }
            count = length * scheme.requiredShares
        }
    }

    /// Opens all arrays, none of them empty, at once.
    static func withBytes<R>(of shares: [[UInt8]], _ body: ([UnsafeRawPointer]) -> R) -> R {
        withBytes(of: shares[...], collected: [], body)
    }

    private static func withBytes<R>(
        of shares: ArraySlice<[UInt8]>, collected: [UnsafeRawPointer], _ body: ([UnsafeRawPointer]) -> R
    ) -> R {
        guard let next = shares.first else { return body(collected) }
        return next.withUnsafeBytes { bytes in
            withBytes(of: shares.dropFirst(), collected: collected + [bytes.baseAddress].compactMap { $0 }, body)
        }
    }

    /// Writes the stripes behind one window of shares to the caller's buffer.
    ///
    /// - Parameters:
    ///   - shares: `length` bytes of every piece, in the order of `pieceNumbers`.
    ///   - length: a multiple of `shareSize`.
    ///   - stripes: `length × requiredShares` bytes.
    package func decode(_ shares: [UnsafeRawPointer], length: Int, into stripes: UnsafeMutableRawBufferPointer) {
        precondition(shares.count == pieceNumbers.count, "every piece has its shares")
        precondition(length % scheme.shareSize == 0, "the window has whole shares")
        precondition(stripes.count == length * scheme.requiredShares, "the stripes fill the buffer")
        let window = ErasureEncoder.stripesPerWindow(shareSize: scheme.shareSize) * scheme.shareSize
        withUnsafeTemporaryAllocation(byteCount: max(1, missing.count * window), alignment: 64) { rebuilt in
            for start in stride(from: 0, to: length, by: window) {
                decodeWindow(shares, start: start, length: min(window, length - start), rebuilt: rebuilt, into: stripes)
            }
        }
    }

    private func decodeWindow(
        _ shares: [UnsafeRawPointer], start: Int, length: Int, rebuilt: UnsafeMutableRawBufferPointer,
        into stripes: UnsafeMutableRawBufferPointer
    ) {
        guard let scratch = rebuilt.baseAddress else { return }
        let inputs = shares.map { $0 + start }
        let outputs = missing.indices.map { scratch + $0 * length }
        rebuild.multiply(inputs: inputs, outputs: outputs, length: length)
        for (input, number) in zip(inputs, pieceNumbers) where number < scheme.requiredShares {
            scatter(input, length: length, column: number, from: start, into: stripes)
        }
        for (output, number) in zip(outputs, missing) {
            scatter(UnsafeRawPointer(output), length: length, column: number, from: start, into: stripes)
        }
    }

    /// Copies the shares of one data column to their places in the stripes.
    private func scatter(
        _ source: UnsafeRawPointer, length: Int, column: Int, from start: Int,
        into stripes: UnsafeMutableRawBufferPointer
    ) {
        let share = scheme.shareSize
        for offset in stride(from: 0, to: length, by: share) {
            let target = (start + offset) / share * scheme.stripeSize + column * share
            UnsafeMutableRawBufferPointer(rebasing: stripes[target..<target + share])
                .copyMemory(from: UnsafeRawBufferPointer(start: source + offset, count: share))
        }
    }
}
