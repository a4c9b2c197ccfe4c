/// Something about a node that its farmer should know, in words.
package struct HealthFinding: Hashable, Sendable {
    /// How bad it is.
    package enum Severity: Int, Hashable, Sendable, Comparable {
        /// Good to know.
        case notice
        /// It will cost money or reputation if nothing is done.
        case warning
        /// It costs now.
        case broken

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        /// The word for people and styles.
        package var name: String {
            switch self {
            case .notice: "notice"
            case .warning: "warning"
            case .broken: "broken"
            }
        }
    }

    /// What it is about, the same for as long as it lasts: `check-in/<satellite>`, `disk/full`.
    package let kind: String
    package let severity: Severity
    /// What is the matter, one sentence.
    package let sentence: String
    /// What to do about it, one or two sentences.
    package let advice: String
    /// The page that shows more.
    package let path: String

    /// A finding.
    package init(_ kind: String, _ severity: Severity, _ sentence: String, advice: String, path: String) {
        self.kind = kind
        self.severity = severity
        self.sentence = sentence
        self.advice = advice
        self.path = path
    }
}
