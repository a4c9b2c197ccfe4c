/// Names of custom metadata that mean something to S3.
private enum MetadataName {
    static let entityTag = "s3:etag"
    static let tags = "s3:tags"
    static let encryption = "s3:sse"
    static let customerKey = "s3:sse-c"
    static let accessControl = "s3:acl"
    static let checksumPrefix = "s3:checksum-"
}

extension ObjectFacts {
    /// Reads the custom metadata of a stored object. What has one of our names but not our form is kept as foreign.
    package init(metadata: [String: String]) {
        self.init()
        for (name, value) in metadata where !take(name, value) { foreign[name] = value }
    }

    /// Takes what it understands.
    private mutating func take(_ name: String, _ value: String) -> Bool {
        let lower = name.lowercased()
        if let header = StandardHeader(rawValue: lower) {
            headers[header] = value
            return true
        }
        if lower.hasPrefix(Self.userPrefix), lower.count > Self.userPrefix.count {
            userMetadata[String(lower.dropFirst(Self.userPrefix.count))] = value
            return true
        }
        switch name {
        case MetadataName.entityTag where !value.isEmpty:
            entityTag = EntityTag(text: value)
        case MetadataName.tags:
            guard let parsed = try? TagSet(header: value) else { return false }
            tags = parsed
        case MetadataName.encryption where value == "AES256":
            isEncryptionManaged = true
        case MetadataName.customerKey:
            guard let parsed = SealedCustomerKey(text: value) else { return false }
            customerKey = parsed
        case MetadataName.accessControl:
            accessControl = value
        default:
            guard name.hasPrefix(MetadataName.checksumPrefix) else { return false }
            let algorithm = name.dropFirst(MetadataName.checksumPrefix.count).uppercased()
            guard let parsed = ChecksumAlgorithm(rawValue: algorithm).flatMap({
                ObjectChecksum(algorithm: $0, text: value)
            }) else { return false }
            checksum = parsed
        }
        return true
    }

    /// The custom metadata to store.
    package var metadata: [String: String] {
        var metadata = foreign
        for (header, value) in headers { metadata[header.rawValue] = value }
        for (name, value) in userMetadata { metadata[Self.storedName(name)] = value }
        if let entityTag { metadata[MetadataName.entityTag] = entityTag.text }
        if !tags.tags.isEmpty { metadata[MetadataName.tags] = tags.header }
        if let checksum {
            metadata[MetadataName.checksumPrefix + checksum.algorithm.rawValue.lowercased()] = checksum.text
        }
        if isEncryptionManaged { metadata[MetadataName.encryption] = "AES256" }
        if let customerKey { metadata[MetadataName.customerKey] = customerKey.text }
        if let accessControl { metadata[MetadataName.accessControl] = accessControl }
        return metadata
    }

    /// `X-Amz-Meta-Name`, the spelling that Storj's gateway keeps.
    private static func storedName(_ name: String) -> String {
        let words = name.split(separator: "-", omittingEmptySubsequences: false)
        return "X-Amz-Meta-" + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "-")
    }
}
