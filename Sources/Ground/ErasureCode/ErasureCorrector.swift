package import StorageModel

/// Finds and corrects shares that lie, given more than k of them.
///
/// r shares show up to r − k wrong ones and correct (r − k) / 2 of them in every byte column. `WindowCorrector` does
/// the same for segments that arrive in windows, without arrays.
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
        let length = try validate(shares)
        if length == 0 { return Correction(stripes: [], corruptPieces: []) }
        var corrector = try WindowCorrector(scheme: scheme, pieceNumbers: shares.map(\.number))
        var stripes = [UInt8](repeating: 0, count: length * scheme.requiredShares)
        // The standard library's own functions forget which error it is.
        let result = stripes.withUnsafeMutableBytes { stripes in
            ErasureDecoder.withBytes(of: shares.map(\.bytes)) { pointers in
                Result { () throws(ErasureCodeError) in
                    try corrector.correct(pointers, length: length, into: stripes)
                }
            }
        }
        try result.get()
        return Correction(stripes: stripes, corruptPieces: corrector.corruptPieces.sorted())
    }

    /// True when all shares belong to the same stripes.
    ///
    /// - Throws: `wrongPieceNumber`, `wrongShareLength`, `notEnoughShares` with fewer than k.
    package func isConsistent(_ shares: [ErasureShare]) throws(ErasureCodeError) -> Bool {
        let length = try validate(shares)
        if length == 0 { return true }
        let agreement = try ShareAgreement(scheme: scheme, pieceNumbers: shares.map(\.number), suspects: [])
        return ErasureDecoder.withBytes(of: shares.map(\.bytes)) { pointers in
            agreement.contradictions(in: pointers, length: length).isEmpty
        }
    }

    /// Bytes of every share.
    private func validate(_ shares: [ErasureShare]) throws(ErasureCodeError) -> Int {
        guard shares.count >= scheme.requiredShares, let length = shares.first?.bytes.count
        else { throw .notEnoughShares }
        try ErasureDecoder.validate(shares.map(\.number), scheme: scheme)
        guard length % scheme.shareSize == 0, shares.allSatisfy({ $0.bytes.count == length })
        else { throw .wrongShareLength }
        return length
    }
}
