import StorageModel

/// Corrects one byte of every piece at a time.
struct ColumnCorrector: Sendable {
    /// The right bytes of a column.
    struct Column {
        /// One of every piece.
        let values: [UInt8]
        /// The pieces whose bytes differ from these.
        let wrongPieces: [Int]
    }

    private let scheme: RedundancyScheme
    private let pieceNumbers: [Int]
    private let everything: BerlekampWelch

    init(scheme: RedundancyScheme, pieceNumbers: [Int]) {
        self.scheme = scheme
        self.pieceNumbers = pieceNumbers
        everything = BerlekampWelch(
            points: pieceNumbers.map(Interpolation.point), requiredShares: scheme.requiredShares)
    }

    /// How many bytes of a column may be wrong when nothing is known of the pieces.
    var correctableErrors: Int { everything.correctableErrors }

    /// The right bytes behind one column.
    ///
    /// - Parameters:
    ///   - values: one byte of every piece.
    ///   - suspects: pieces to leave out when the column cannot be corrected with them.
    /// - Throws: `notEnoughShares` when the pieces are too few to correct anything; `tooManyErrors`.
    func correct(_ values: [UInt8], suspects: Set<Int>) throws(ErasureCodeError) -> Column {
        let trusted = pieceNumbers.indices.filter { !suspects.contains(pieceNumbers[$0]) }
        let remaining = BerlekampWelch(
            points: trusted.map { everything.points[$0] }, requiredShares: scheme.requiredShares)
        guard correctableErrors > 0 || remaining.correctableErrors > 0 else { throw .notEnoughShares }
        let right: [UInt8]
        do {
            right = try everything.correct(values)
        } catch {
            guard !suspects.isEmpty, remaining.correctableErrors > 0 else { throw error }
            right = predict(try remaining.correct(trusted.map { values[$0] }), of: trusted, at: pieceNumbers)
        }
        return Column(
            values: right,
            wrongPieces: pieceNumbers.indices.filter { values[$0] != right[$0] }.map { pieceNumbers[$0] })
    }

    /// The bytes of wanted pieces, from right ones of others that stand at `indices`.
    private func predict(_ values: [UInt8], of indices: [Int], at wanted: [Int]) -> [UInt8] {
        let known = indices.prefix(scheme.requiredShares).map { pieceNumbers[$0] }
        let matrix = Interpolation.matrix(known: known, wanted: wanted)
        return wanted.indices.map { row in
            zip(values, matrix[(row * known.count)...]).prefix(known.count).reduce(0) {
                $0 ^ GaloisField.product($1.0, $1.1)
            }
        }
    }
}
