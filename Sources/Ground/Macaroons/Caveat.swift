package import StorageModel

/// One restriction of an API key. Everything not said is allowed.
///
/// - Source: protocol document 1 §4.3.
package struct Caveat: Hashable, Sendable {
    /// A bucket, or what lies under an encrypted prefix in it.
    package struct AllowedPath: Hashable, Sendable {
        /// The bucket's name.
        package var bucket: [UInt8]
        /// Keys must begin with these bytes; empty for the whole bucket.
        package var encryptedPrefix: [UInt8]

        /// A place.
        package init(bucket: [UInt8], encryptedPrefix: [UInt8]) {
            self.bucket = bucket
            self.encryptedPrefix = encryptedPrefix
        }
    }

    /// Operations that are forbidden.
    package var disallowed: Disallowed
    /// The only places that may be touched; empty for all.
    package var allowedPaths: [AllowedPath]
    /// The last moment the key works.
    package var notAfter: Timestamp?
    /// The first moment the key works.
    package var notBefore: Timestamp?
    /// How long objects written with the key may live at most.
    package var maximumObjectTTL: Duration?
    /// Makes otherwise equal restrictions distinct, so that they can be revoked one by one; 4 random bytes.
    package var nonce: [UInt8]

    /// A restriction.
    package init(
        disallowed: Disallowed = [], allowedPaths: [AllowedPath] = [], notAfter: Timestamp? = nil,
        notBefore: Timestamp? = nil, maximumObjectTTL: Duration? = nil, nonce: [UInt8] = []
    ) {
        self.disallowed = disallowed
        self.allowedPaths = allowedPaths
        self.notAfter = notAfter
        self.notBefore = notBefore
        self.maximumObjectTTL = maximumObjectTTL
        self.nonce = nonce
    }

    /// Whether this restriction lets the action through.
    ///
    /// - Source: protocol document 1 §4.4, step 3.
    package func allows(_ action: APIKeyAction) -> Bool {
        if let notAfter, action.time > notAfter { return false }
        if let notBefore, action.time < notBefore { return false }
        if action.operation == .read, action.encryptedPath.isEmpty {
            // Looking at a bucket, or listing them: every key for a place in it may.
            return allowedPaths.isEmpty || action.bucket.isEmpty
                || allowedPaths.contains { $0.bucket == action.bucket }
        }
        guard !disallowed.forbids(action.operation) else { return false }
        if allowedPaths.isEmpty || action.operation == .projectInfo { return true }
        return allowedPaths.contains {
            $0.bucket == action.bucket && action.encryptedPath.starts(with: $0.encryptedPrefix)
        }
    }
}
