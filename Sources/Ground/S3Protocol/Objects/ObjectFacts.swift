package import HTTPTypes
package import StorageModel

/// What S3 knows of an object beside its bytes, and how that is written into the custom metadata of a stored object.
///
/// The names are those that Storj's own gateway uses where it has them, so that objects can be read through both.
/// Metadata of other programs is kept as it is.
package struct ObjectFacts: Hashable, Sendable {
    /// The most bytes of names and values of a user's own metadata.
    package static let maximumUserMetadata = 2048

    /// Of the content; nil for objects that no S3 gateway stored.
    package var entityTag: EntityTag?
    package var headers: [StandardHeader: String] = [:]
    /// By lower-case names without `x-amz-meta-`.
    package var userMetadata: [String: String] = [:]
    package var tags = TagSet.empty
    /// The checksum its sender chose.
    package var checksum: ObjectChecksum?
    /// Whether SSE-S3 was asked for or the bucket's default.
    package var isEncryptionManaged = false
    /// How to know the customer's key, of an object under SSE-C.
    package var customerKey: SealedCustomerKey?
    /// Who may do what to the object, in the words of the room that decides it; nil for the bucket's owner alone.
    package var accessControl: String?
    /// What other programs attached, under their own names.
    package var foreign: [String: String] = [:]

    /// An object of which nothing is known.
    package init() {}

    /// What the headers of a write say of the object it makes: standard ones, the user's own metadata and tags.
    ///
    /// Entity tag, checksum, encryption and access are for the operation to fill in.
    /// - Throws: `MetadataTooLarge`, `InvalidTag`, `InvalidArgument`.
    package init(_ fields: HTTPFields) throws(S3Error) {
        for header in StandardHeader.allCases {
            if let value = fields[header.name].flatMap(header.stored) { headers[header] = value }
        }
        if let redirect = headers[.websiteRedirect] {
            guard ["/", "http://", "https://"].contains(where: redirect.hasPrefix) else {
                throw S3Error(
                    .invalidArgument, "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.")
            }
        }
        for field in fields where field.name.canonicalName.hasPrefix(Self.userPrefix) {
            let name = String(field.name.canonicalName.dropFirst(Self.userPrefix.count))
            guard !name.isEmpty else { continue }
            userMetadata[name] = userMetadata[name].map { "\($0),\(field.value)" } ?? field.value
        }
        let size = userMetadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size <= Self.maximumUserMetadata else {
            throw S3Error(
                .metadataTooLarge, details: [
                    .init("Size", "\(size)"), .init("MaxSizeAllowed", "\(Self.maximumUserMetadata)"),
                ])
        }
        if let text = fields[AmazonHeader.name("x-amz-tagging")] { tags = try TagSet(header: text).sorted }
    }

    static let userPrefix = "x-amz-meta-"

    /// The tag to show: the stored one, else one made of what any change of the content changes. It has a number of no
    /// parts, so that nobody takes it for the content's MD5.
    ///
    /// - Parameters:
    ///   - size: bytes of the object.
    ///   - createdAt: as the satellite tells it.
    package func tag(size: Int64, createdAt: Timestamp) -> EntityTag {
        if let entityTag { return entityTag }
        var hasher = MD5Hasher()
        Array("\(size) \(createdAt.microseconds)".utf8).withUnsafeBytes { hasher.update($0) }
        return EntityTag(text: "\(Hexadecimal.encode(hasher.finish()))-0")
    }

    /// Whether the content came in parts, by its tag.
    package var isMultipart: Bool { partCount != nil }

    /// How many parts the content came in; nil when it came in one piece or nobody knows.
    package var partCount: Int? {
        guard let halves = entityTag?.text.split(separator: "-"), halves.count == 2, let count = Int(halves[1]), count > 0
        else { return nil }
        return count
    }
}
