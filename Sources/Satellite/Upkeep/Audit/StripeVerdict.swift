import ErasureCode
package import StorageModel

/// What follows from the answers to one stripe audit: a pure function of them.
///
///     answer      ≥ k shares, shares agree      < k shares or they contradict each other beyond repair
///     share       success                       (contradicting: whole pieces are asked for)
///     corrected   whole piece is asked for      –
///     not found   failure                       – (likely our own trouble)
///     timed out   contained                     –
///     error       unknown, asked again          unknown, unless all err
///     offline     offline                       offline, unless nobody at all was reached
///
/// A share that had to be corrected is not a failure yet. The uploader may have given the node other bytes than the rest
/// of the segment; then the node has exactly what was signed, and shows it when the whole piece is asked for.
///
/// - Source: protocol document 3 §6.3, which punishes corrected shares at once.
package struct StripeVerdict: Sendable {
    /// How much could be said.
    package enum Conclusion: String, Sendable {
        /// Every answer was judged.
        case judged
        /// Too few nodes answered with a share to judge anybody.
        case tooFewShares = "too few shares"
        /// Nobody was reached, or everybody errs: the satellite doubts itself.
        case alone
        /// The shares contradict each other, and nobody can say which are right.
        case contradictory
        /// More pieces are gone than can be the nodes' fault.
        case malfunction
    }

    /// How much could be said.
    package private(set) var conclusion = Conclusion.judged
    /// Nodes whose share is right.
    package private(set) var successes: [PieceHolder] = []
    /// Nodes that have lost their piece.
    package private(set) var failures: [PieceHolder] = []
    /// Nodes that answered with an error.
    package private(set) var errors: [(holder: PieceHolder, reason: String)] = []
    /// Nodes that were not there.
    package private(set) var offline: [(holder: PieceHolder, reason: String)] = []
    /// Whole pieces to ask for, and why.
    package private(set) var followUps: [(holder: PieceHolder, reason: ReverificationReason)] = []

    /// Judges answers of different nodes for different pieces.
    ///
    /// - Parameter maximumFailures: more missing pieces than these, or than shares, are taken for a malfunction.
    package init(_ answers: [AuditAnswer], scheme: RedundancyScheme, maximumFailures: Int) {
        var shares: [(holder: PieceHolder, bytes: [UInt8])] = []
        var missing: [PieceHolder] = []
        var silent: [PieceHolder] = []
        for answer in answers {
            switch answer.content {
            case .share(let bytes): shares.append((answer.holder, bytes))
            case .offline(let reason): offline.append((answer.holder, reason))
            case .notFound: missing.append(answer.holder)
            case .timedOut: silent.append(answer.holder)
            case .error(let reason): errors.append((answer.holder, reason))
            }
        }
        // An expired certificate or a wrong clock of the satellite's own makes all nodes refuse.
        if offline.count == answers.count || (errors.count > 1 && offline.count + errors.count == answers.count) {
            offline = []
            errors = []
            conclusion = .alone
            return
        }
        guard shares.count >= scheme.requiredShares else {
            conclusion = .tooFewShares
            return
        }
        compare(shares, scheme)
        followUps += silent.map { ($0, .timeout) }
        followUps += errors.map { ($0.holder, .error) }
        if missing.count > maximumFailures || missing.count > shares.count {
            conclusion = .malfunction
        } else {
            failures = missing
        }
    }

    /// Holds the shares against each other; there are k at least.
    private mutating func compare(_ shares: [(holder: PieceHolder, bytes: [UInt8])], _ scheme: RedundancyScheme) {
        guard shares.count > scheme.requiredShares else {
            followUps += shares.map { ($0.holder, .unproven) }
            return
        }
        do {
            let correction = try ErasureCorrector(scheme: scheme).correct(
                shares.map { ErasureShare(number: $0.holder.number, bytes: $0.bytes) })
            let corrupt = Set(correction.corruptPieces)
            for share in shares {
                if corrupt.contains(share.holder.number) {
                    followUps.append((share.holder, .contradiction))
                } else {
                    successes.append(share.holder)
                }
            }
        } catch {
            // Each whole piece proves itself; there is no need to know which shares were right.
            conclusion = .contradictory
            followUps += shares.map { ($0.holder, .unproven) }
        }
    }
}
