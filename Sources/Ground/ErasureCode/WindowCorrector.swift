package import StorageModel

/// Rebuilds stripes from more shares than needed, window by window, leaving out the pieces that were caught lying.
///
/// As long as the trusted pieces agree a window costs one decoding and one encoding of the pieces beyond k. r shares
/// show up to r − k wrong ones, and (r − k) / 2 of them are corrected in every byte column.
///
/// - Source: protocol document 1 §7.4.
package struct WindowCorrector: Sendable {
    /// How the data are spread.
    package let scheme: RedundancyScheme
    /// The pieces this corrector takes, in the order of its inputs.
    package let pieceNumbers: [Int]
    /// The pieces that lied in at least one byte of the windows so far.
    package private(set) var corruptPieces: Set<Int> = []
    /// The pieces that are left out as long as the others agree.
    package var suspects: Set<Int> { Set(pieceNumbers).subtracting(agreement.pieceNumbers) }

    private let columns: ColumnCorrector
    /// How many pieces may be left out for the agreement of the others to prove that these are right.
    private let suspectLimit: Int
    private var agreement: ShareAgreement

    /// A corrector for k or more distinct pieces; with exactly k nothing is noticed and nothing corrected.
    ///
    /// - Parameter suspects: pieces known to lie. They are ignored when fewer than k + 1 others remain.
    /// - Throws: `wrongPieceNumber`; `notEnoughShares` with fewer than k.
    package init(
        scheme: RedundancyScheme, pieceNumbers: [Int], suspects: Set<Int> = []
    ) throws(ErasureCodeError) {
        guard pieceNumbers.count >= scheme.requiredShares else { throw .notEnoughShares }
        try ErasureDecoder.validate(pieceNumbers, scheme: scheme)
        self.scheme = scheme
        self.pieceNumbers = pieceNumbers
        columns = ColumnCorrector(scheme: scheme, pieceNumbers: pieceNumbers)
        var known = suspects.intersection(pieceNumbers)
        if pieceNumbers.count - known.count <= scheme.requiredShares { known = [] }
        suspectLimit = max(columns.correctableErrors, known.count)
        agreement = try ShareAgreement(scheme: scheme, pieceNumbers: pieceNumbers, suspects: known)
    }

    /// Writes the stripes that one window of shares agrees on, once the wrong ones are corrected.
    ///
    /// - Parameters:
    ///   - shares: `length` bytes of every piece, in the order of `pieceNumbers`.
    ///   - length: a multiple of `shareSize`.
    ///   - stripes: `length × requiredShares` bytes.
    /// - Throws: `notEnoughShares` with k + 1 shares that contradict each other; `tooManyErrors`. What was written to
    ///   `stripes` then means nothing.
    package mutating func correct(
        _ shares: [UnsafeRawPointer], length: Int, into stripes: UnsafeMutableRawBufferPointer
    ) throws(ErasureCodeError) {
        precondition(shares.count == pieceNumbers.count, "every piece has its shares")
        precondition(length % scheme.shareSize == 0, "the window has whole shares")
        precondition(stripes.count == length * scheme.requiredShares, "the stripes fill the buffer")
        let chunk = ErasureEncoder.stripesPerWindow(shareSize: scheme.shareSize) * scheme.shareSize
        for start in stride(from: 0, to: length, by: chunk) {
            let count = min(chunk, length - start)
            let target = stripes[start * scheme.requiredShares..<(start + count) * scheme.requiredShares]
            try correctChunk(
                shares.map { $0 + start }, length: count, into: UnsafeMutableRawBufferPointer(rebasing: target))
        }
    }

    /// Corrects few enough bytes that all their shares stay in the cache.
    private mutating func correctChunk(
        _ shares: [UnsafeRawPointer], length: Int, into stripes: UnsafeMutableRawBufferPointer
    ) throws(ErasureCodeError) {
        // Damage usually sits in few pieces: without them all columns agree, and agreement of that many is proof.
        while let column = agreement.contradictions(in: shares, length: length).first {
            let values = shares.map { $0.load(fromByteOffset: column, as: UInt8.self) }
            let wrong = try columns.correct(values, suspects: suspects).wrongPieces
            corruptPieces.formUnion(wrong)
            let known = suspects.union(wrong)
            // Also ends the loop should the column have named nobody new.
            guard known.count > suspects.count, known.count <= suspectLimit else {
                return try correctEveryColumn(shares, length: length, into: stripes)
            }
            agreement = try ShareAgreement(scheme: scheme, pieceNumbers: pieceNumbers, suspects: known)
        }
        agreement.decode(shares, length: length, into: stripes)
    }

    /// The slow way, for errors that change pieces from column to column.
    private mutating func correctEveryColumn(
        _ shares: [UnsafeRawPointer], length: Int, into stripes: UnsafeMutableRawBufferPointer
    ) throws(ErasureCodeError) {
        var rows = shares.map { Array(UnsafeRawBufferPointer(start: $0, count: length)) }
        let everybody = try ShareAgreement(scheme: scheme, pieceNumbers: pieceNumbers, suspects: [])
        for column in everybody.contradictions(in: shares, length: length) {
            let right = try columns.correct(rows.map { $0[column] }, suspects: suspects)
            corruptPieces.formUnion(right.wrongPieces)
            for (row, value) in right.values.enumerated() { rows[row][column] = value }
        }
        let known = pieceNumbers.prefix(scheme.requiredShares)
        let decoder = try ErasureDecoder(scheme: scheme, pieceNumbers: Array(known))
        stripes.copyBytes(from: try decoder.decode(Array(rows.prefix(known.count))))
    }
}
