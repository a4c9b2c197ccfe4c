/// What a month's statement says of a node in a letter.
///
/// - Source: protocol document 3 §7.1.
package enum PayoutCode: String, Hashable, Sendable, CaseIterable, Comparable {
    case disqualified = "D"
    case sanctioned = "S"
    /// No tax form was handed in.
    case taxFormMissing = "T"
    /// A part of the pay is kept back.
    case inWithholding = "E"
    /// The node has left in good order.
    case exited = "X"
    /// The node is leaving.
    case exiting = "I"
    /// The node was not seen since before the month.
    case offline = "O"
    case bonus = "B"

    package static func < (left: PayoutCode, right: PayoutCode) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }

    /// The letters joined by colons: `E:I`.
    package static func text(_ codes: Set<PayoutCode>) -> String { codes.sorted().map(\.rawValue).joined(separator: ":") }

    /// Reads `E:I`; nil for a letter that is none of these, or one that comes twice.
    package static func parse(_ text: String) -> Set<PayoutCode>? {
        guard !text.isEmpty else { return [] }
        let letters = text.split(separator: ":", omittingEmptySubsequences: false)
        let codes = Set(letters.compactMap { PayoutCode(rawValue: String($0)) })
        return codes.count == letters.count ? codes : nil
    }
}
