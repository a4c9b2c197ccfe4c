/// A refusal of the room: what was asked for does not exist, exists already, or breaks a rule.
package struct AccountsError: Error, Hashable, CustomStringConvertible {
    /// The kind of refusal.
    package enum Code: Sendable, Hashable {
        /// No such user, project or key.
        case notFound
        /// The email, or the key's name or head, is taken.
        case alreadyExists
        /// A value breaks a rule.
        case invalid
        /// Too much is asked at once; the same may succeed soon.
        case busy
    }

    /// The kind of refusal.
    package let code: Code
    /// Which rule, for the operator; free of secrets.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
