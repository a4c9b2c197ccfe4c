package import StorageModel

/// Why an account or a project may not upload and download for now. What is stored stays, and can be listed and deleted.
///
/// - Source: economy design; protocol document 2 §3.6 for what clients are told.
package struct Freeze: Sendable, Hashable {
    /// The cause; some are lifted by themselves.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Bills are not paid; lifted when they are.
        case billing
        /// A deposit turned out not to exist, or to come from somebody no business is done with.
        case deposit
        /// Somebody decided so.
        case operatorDecision = "operator"
    }

    /// Who is frozen.
    package enum Subject: Sendable, Hashable {
        case user(UserID)
        case project(ProjectID)

        var id: Bytes16 {
            switch self {
            case .user(let id): id.storage
            case .project(let id): id.storage
            }
        }
    }

    package let subject: Subject
    package let kind: Kind
    /// A sentence for people.
    package let reason: String
    package let since: Timestamp
}
