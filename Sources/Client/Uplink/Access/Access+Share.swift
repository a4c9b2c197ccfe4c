internal import AccessGrants
internal import Encryption
internal import StorageModel

extension Access {
    /// An access that can do less, to give away. It works at once; the satellite is not asked.
    ///
    /// ```swift
    /// let photos = try access.shared(.readOnly, prefixes: [SharePrefix(bucket: "photos", prefix: "2026/")])
    /// print(photos.text)
    /// ```
    /// - Parameters:
    ///   - permission: what the holder may do.
    ///   - prefixes: the only places the holder reaches, whole path components; empty for all this access reaches.
    /// - Throws: ``UplinkError/Code/invalidArgument`` for a permission that allows nothing,
    ///   ``UplinkError/Code/permissionDenied`` for a prefix this access has no key of.
    public func shared(_ permission: Permission, prefixes: [SharePrefix] = []) throws(UplinkError) -> Access {
        for place in prefixes where place.bucket.isEmpty {
            throw UplinkError(.invalidArgument, "the prefix \"\(place.prefix)\" to share names no bucket")
        }
        let places = prefixes.map {
            AccessGrants.SharePrefix(bucket: Array($0.bucket.utf8), prefix: UnencryptedPath($0.prefix))
        }
        do {
            return Access(grant: try grant.shared(permission.share, prefixes: places, random: .system))
        } catch {
            throw Self.sharingError(error, prefixes)
        }
    }

    /// An access that uses another key below a prefix, for applications in which every user has a passphrase.
    ///
    /// - Throws: ``UplinkError/Code/permissionDenied`` when this access does not reach the prefix.
    public func overridingKey(_ key: PrefixKey, bucket: String, prefix: String) throws(UplinkError) -> Access {
        guard !bucket.isEmpty else { throw UplinkError(.invalidArgument, "no bucket to override the key of") }
        let place = AccessGrants.SharePrefix(bucket: Array(bucket.utf8), prefix: UnencryptedPath(prefix))
        do {
            return Access(grant: try grant.overriding(key: key.key, under: place))
        } catch {
            throw Self.sharingError(error, [SharePrefix(bucket: bucket, prefix: prefix)])
        }
    }

    private static func sharingError(_ error: AccessGrantError, _ places: [SharePrefix]) -> UplinkError {
        switch error {
        case .emptyPermission:
            UplinkError(
                .invalidArgument, "the permission allows nothing",
                advice: "Allow something, and let it end after it begins")
        case .encryption:
            UplinkError(
                .permissionDenied,
                "this access has no key for \(places.map(\.description).joined(separator: " or ")): \(error)",
                advice: "Share from an access that reaches there")
        case .malformed, .noSatellite, .badKey, .badAPIKey:
            UplinkError(.invalidAccess, "\(error)")
        }
    }
}
