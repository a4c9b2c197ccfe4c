package import StorageModel

/// Somebody who is signed in with a browser. Of the browser's secret only its hash is kept.
package struct WebSessionRecord: Sendable, Hashable {
    /// SHA-256 of the secret: identity of the session.
    package let digest: Bytes32
    package let user: User
    package let isOperator: Bool
    package let createdAt: Timestamp
    package let seenAt: Timestamp
    package let expiresAt: Timestamp
    /// Where it was begun.
    package let address: String
    /// What the browser called itself, at most 256 bytes.
    package let agent: String
}
