/// Why the pieces of a segment could not be moved.
package enum TransferError: Error, Hashable, Sendable {
    /// Fewer nodes than needed took or gave their pieces.
    case notEnoughPieces(needed: Int, available: Int, failures: [PieceFailure])
    /// The same, and the satellite named no others when it was asked.
    case noOtherNodes(needed: Int, available: Int, failures: [PieceFailure], reason: String)
    /// The shares contradict each other and too few agree to tell who is right.
    case tooManyCorruptPieces(failures: [PieceFailure])
    /// Nothing at all has moved for `TransferSettings.timeout`.
    case noProgress(failures: [PieceFailure])
    /// The satellite offers something impossible.
    case malformedOffer(String)
    /// More bytes were written to a segment than it was made for.
    case segmentTooLarge
}

extension TransferError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notEnoughPieces(let needed, let available, let failures):
            "only \(available) of \(needed) pieces could be moved\(Self.list(failures))"
        case .noOtherNodes(let needed, let available, let failures, let reason):
            "only \(available) of \(needed) pieces could be moved\(Self.list(failures)); no other nodes: \(reason)"
        case .tooManyCorruptPieces(let failures): "too many pieces are corrupt\(Self.list(failures))"
        case .noProgress(let failures): "no node makes progress\(Self.list(failures))"
        case .malformedOffer(let problem): "the satellite's offer is malformed: \(problem)"
        case .segmentTooLarge: "a segment grew beyond its limit"
        }
    }

    private static func list(_ failures: [PieceFailure]) -> String {
        failures.isEmpty ? "" : ": " + failures.map(\.description).joined(separator: "; ")
    }
}
