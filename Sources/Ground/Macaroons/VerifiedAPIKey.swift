package import StorageModel

/// A key whose tail was checked against its secret, with its caveats read.
package struct VerifiedAPIKey: Hashable, Sendable {
    /// The key.
    package let key: APIKey
    /// The tails of the key and of all keys it was made from, oldest first: `caveats.count + 1` of them.
    package let tails: [Bytes32]
    /// The restrictions, oldest first.
    package let caveats: [Caveat]

    init(key: APIKey, tails: [Bytes32], caveats: [Caveat]) {
        precondition(tails.count == caveats.count + 1, "there is a tail before and after each caveat")
        self.key = key
        self.tails = tails
        self.caveats = caveats
    }

    /// Whether the features and every caveat let the action through. Revocation is not looked at.
    package func allows(_ action: APIKeyAction, features: APIKeyFeatures) -> Bool {
        features.include(action.operation) && caveats.allSatisfy { $0.allows(action) }
    }

    /// Whether this key or one it was made from is revoked.
    package func isRevoked(_ revoked: (Bytes32) -> Bool) -> Bool {
        tails.contains(where: revoked)
    }

    /// Refuses what the features, a caveat or a revocation forbid, in this order.
    ///
    /// - Throws: `.unauthorized` or `.revoked`.
    /// - Source: protocol document 1 §4.4, steps 2 to 4.
    package func check(
        _ action: APIKeyAction, features: APIKeyFeatures, isRevoked revoked: (Bytes32) -> Bool
    ) throws(APIKeyError) {
        guard allows(action, features: features) else { throw .unauthorized }
        guard !isRevoked(revoked) else { throw .revoked }
    }

    /// The buckets that every caveat with places allows; nil when no caveat names any, which allows all.
    package var allowedBuckets: Set<[UInt8]>? {
        var allowed: Set<[UInt8]>?
        for caveat in caveats where !caveat.allowedPaths.isEmpty {
            let buckets = Set(caveat.allowedPaths.map(\.bucket))
            allowed = allowed?.intersection(buckets) ?? buckets
        }
        return allowed
    }

    /// The shortest limit on the life of objects; nil when there is none.
    package var maximumObjectTTL: Duration? {
        caveats.compactMap(\.maximumObjectTTL).min()
    }

    /// Whether the holder of this key may revoke the other: only keys made from it, never itself or a sibling.
    ///
    /// Both must have been verified with the same secret.
    package func mayRevoke(_ other: VerifiedAPIKey) -> Bool {
        key.head == other.key.head && other.tails.dropLast().contains(key.tail)
    }
}
