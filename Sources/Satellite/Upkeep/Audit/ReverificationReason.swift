/// Why a whole piece is asked for after a stripe audit. The numbers are stored.
package enum ReverificationReason: Int, Sendable, CaseIterable {
    /// The node was reached and did not answer in time: it is contained until it does.
    case timeout = 0
    /// The node answered with an error: it may have one for this piece only.
    case error = 1
    /// The share contradicts the others: either the node lost the piece, or the uploader spoiled it.
    case contradiction = 2
    /// The share came, but too few others to tell whether it is right.
    case unproven = 3
}

extension ReverificationReason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .timeout: "timeout"
        case .error: "error"
        case .contradiction: "contradiction"
        case .unproven: "unproven"
        }
    }
}
