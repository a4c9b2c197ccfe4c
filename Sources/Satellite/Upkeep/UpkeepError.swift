/// Why a chore over all segments gives up.
package enum UpkeepError: Error, Hashable, CustomStringConvertible {
    /// A segment names a node that was never given a number.
    case unknownAlias(Int64)
    /// What needs all segments as of one moment was shown several.
    case notASnapshot
    /// A pass saw far fewer segments than the one before; what follows from it is not done.
    case suspiciouslyFewSegments(seen: Int, before: Int)
    /// Filters were held back while they were sent.
    case heldBack
    /// The observer failed; the text says why.
    case observerFailed(String)

    package var description: String {
        switch self {
        case .unknownAlias(let alias): "a segment names node number \(alias), which nobody has"
        case .notASnapshot: "garbage filters need all segments as of one moment"
        case .suspiciouslyFewSegments(let seen, let before):
            "saw \(seen) segments after \(before) the time before: nothing is thrown away"
        case .heldBack: "garbage filters are held back"
        case .observerFailed(let reason): "observer failed: \(reason)"
        }
    }
}
