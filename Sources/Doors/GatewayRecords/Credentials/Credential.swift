package import StorageModel

/// What a client authenticates with, and the grant that stands behind it.
package struct Credential: Hashable, Sendable {
    package let id: CredentialID
    package let accessKeyID: String
    package let secretKey: String
    /// The serialized access grant.
    package let grant: String
    /// The account it belongs to.
    package let accountID: String
    /// Whether who knows the access key id may read without the secret, as links do.
    package let isPublic: Bool
    package let createdAt: Timestamp
    /// From when on it opens nothing; nil: never.
    package let expiresAt: Timestamp?
}

/// What is asked for when a credential is registered.
package struct CredentialRegistration: Sendable {
    package var grant: String
    package var accountID: String
    package var isPublic = false
    package var expiresAt: Timestamp?
    /// Chosen by hand instead of drawn: 16 to 128 letters, digits, `-` or `_`.
    package var accessKeyID: String?
    /// Chosen by hand instead of drawn: 16 to 128 visible ASCII characters.
    package var secretKey: String?

    package init(
        grant: String, accountID: String, isPublic: Bool = false, expiresAt: Timestamp? = nil,
        accessKeyID: String? = nil, secretKey: String? = nil
    ) {
        self.grant = grant
        self.accountID = accountID
        self.isPublic = isPublic
        self.expiresAt = expiresAt
        self.accessKeyID = accessKeyID
        self.secretKey = secretKey
    }
}

/// What can be told of a credential without its access key id.
package struct CredentialSummary: Hashable, Sendable {
    package let id: CredentialID
    package let accountID: String
    package let isPublic: Bool
    package let createdAt: Timestamp
    package let expiresAt: Timestamp?
    package let revokedAt: Timestamp?
    package let revocationReason: String?
}
