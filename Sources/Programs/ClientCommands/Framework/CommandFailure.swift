/// Why a command ends, for the shell and for a person.
package struct CommandFailure: Error, Hashable, Sendable {
    /// What the shell learns.
    package let status: ExitStatus
    /// What happened; names are made safe to print when it is shown.
    package let message: String
    /// What to do about it; empty when there is nothing to say.
    package let advice: String

    /// A failure.
    package init(_ status: ExitStatus, _ message: String, advice: String = "") {
        self.status = status
        self.message = message
        self.advice = advice
    }
}

extension CommandFailure: CustomStringConvertible {
    package var description: String { advice.isEmpty ? message : "\(message). \(advice)" }
}
