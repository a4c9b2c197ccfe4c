package import StorageModel

/// What somebody did through the console, kept for good.
package struct AuditEntry: Sendable, Hashable {
    /// Grows with every entry.
    package let number: Int64
    package let at: Timestamp
    /// The account that did it; nil for nobody who was signed in.
    package let actor: UserID?
    /// His address of mail then, or the one that was tried.
    package let actorEmail: String
    /// What was done, as a word with a dot: `project.create`, `sign-in.refused`.
    package let action: String
    /// What it was done to: a project's public id, a node's id, an address.
    package let subject: String
    /// More about it; free of secrets.
    package let detail: String
    /// Where the request came from.
    package let address: String
}
