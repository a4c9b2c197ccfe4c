package import StorageModel

/// Finds and corrects shares that lie, given more than k of them.
///
/// r shares show up to r − k wrong ones and correct (r − k) / 2 of them in every byte column. Slow where it has to
/// correct; consistent shares cost one encoding.
///
/// - Source: protocol document 1 §7.4.
package struct ErasureCorrector: Sendable {
    /// How the data are spread.
    package let scheme: RedundancyScheme

    /// What came out of a set of shares.
    package struct Correction: Hashable, Sendable {
        /// The stripes, `requiredShares` times as many bytes as every share.
        package let stripes: [UInt8]
        /// The pieces that lied in at least one byte, in ascending order.
        package let corruptPieces: [Int]
    }

    /// A corrector for a scheme.
    package init(scheme: RedundancyScheme) {
        self.scheme = scheme
    }

    /// The stripes that the shares agree on once the wrong ones are corrected.
    ///
    /// With exactly k shares nothing is noticed and nothing corrected.
    ///
    /// - Parameter shares: of k or more distinct pieces, as many bytes of each.
    /// - Throws: `wrongPieceNumber`, `wrongShareLength`; `notEnoughShares` with fewer than k, or with k + 1 that
    ///   contradict each other; `tooManyErrors`.
    package func correct(_ shares: [ErasureShare]) throws(ErasureCodeError) -> Correction {
        try validate(shares)
        let correctable = (shares.count - scheme.requiredShares) / 2
        var suspects: Set<Int> = []
        // Damage usually sits in few pieces: without them all columns agree, and agreement of that many is proof.
        while suspects.count <= correctable {
            let trusted = shares.filter { !suspects.contains($0.number) }
            guard let column = contradictions(trusted).first else {
                return try correction(trusted, corruptPieces: suspects)
            }
            guard correctable > 0 else { throw .notEnoughShares }
            suspects.formUnion(try correct(column: column, of: shares).corruptPieces)
        }
        return try correctEveryColumn(shares)
    }

    /// True when all shares belong to the same stripes.
    ///
    /// - Throws: `wrongPieceNumber`, `wrongShareLength`, `notEnoughShares` with fewer than k.
    package func isConsistent(_ shares: [ErasureShare]) throws(ErasureCodeError) -> Bool {
        try validate(shares)
        return contradictions(shares).isEmpty
    }

    private func validate(_ shares: [ErasureShare]) throws(ErasureCodeError) {
        guard shares.count >= scheme.requiredShares, let length = shares.first?.bytes.count
        else { throw .notEnoughShares }
        try ErasureDecoder.validate(shares.map(\.number), scheme: scheme)
        guard length % scheme.shareSize == 0, shares.allSatisfy({ $0.bytes.count == length })
        else { throw .wrongShareLength }
    }

    /// The byte columns in which the shares behind the first k are not what those k say.
    private func contradictions(_ shares: [ErasureShare]) -> [Int] {
        let known = shares.prefix(scheme.requiredShares)
        let others = shares.dropFirst(scheme.requiredShares)
        let predicted = ErasurePrediction(known: known.map(\.number), wanted: others.map(\.number))
            .values(of: known.map(\.bytes))
        guard let length = shares.first?.bytes.count else { return [] }
        return (0..<length).filter { column in
            zip(others, predicted).contains { $0.bytes[column] != $1[column] }
        }
    }

    /// The shares' right bytes in one column, and whose bytes were wrong.
    private func correct(
        column: Int, of shares: [ErasureShare]
    ) throws(ErasureCodeError) -> (values: [UInt8], corruptPieces: [Int]) {
        let values = shares.map { $0.bytes[column] }
        let right = try BerlekampWelch(
            points: shares.map { Interpolation.point($0.number) }, requiredShares: scheme.requiredShares
        ).correct(values)
        return (right, shares.indices.filter { values[$0] != right[$0] }.map { shares[$0].number })
    }

    /// The slow way, for errors that change pieces from column to column.
    private func correctEveryColumn(_ shares: [ErasureShare]) throws(ErasureCodeError) -> Correction {
        var rows = shares.map(\.bytes)
        var corrupt: Set<Int> = []
        for column in contradictions(shares) {
            let fixed = try correct(column: column, of: shares)
            corrupt.formUnion(fixed.corruptPieces)
            for (row, value) in fixed.values.enumerated() { rows[row][column] = value }
        }
        let corrected = zip(shares, rows).map { ErasureShare(number: $0.number, bytes: $1) }
        return try correction(corrected, corruptPieces: corrupt)
    }

    private func correction(
        _ shares: [ErasureShare], corruptPieces: Set<Int>
    ) throws(ErasureCodeError) -> Correction {
        Correction(stripes: try ErasureDecoder.decode(shares, scheme: scheme), corruptPieces: corruptPieces.sorted())
    }
}
