package import HTTPTypes

extension ObjectFacts {
    private static let defaultContentType = "binary/octet-stream"
    private static let encryptionName = AmazonHeader.name("x-amz-server-side-encryption")
    private static let tagCountName = AmazonHeader.name("x-amz-tagging-count")

    /// Adds what a reader is told of the object, but for its tag, length and times.
    ///
    /// - Parameter override: the values a reader wants instead, by the query's names: `response-content-type` …
    package func add(to fields: inout HTTPFields, override: (String) -> String?) {
        fields[.contentType] = Self.defaultContentType
        for header in StandardHeader.allCases {
            if let value = header.override.flatMap(override) ?? headers[header] { fields[header.name] = value }
        }
        for (name, value) in userMetadata {
            if let field = HTTPField.Name(Self.userPrefix + name), Self.isValue(value) { fields[field] = value }
        }
        for (name, value) in foreign {
            // Names that no header can have stay behind.
            guard let field = HTTPField.Name(Self.userPrefix + name.lowercased()), Self.isValue(value) else { continue }
            fields[field] = value
        }
        if !tags.tags.isEmpty { fields[Self.tagCountName] = "\(tags.tags.count)" }
        for field in encryptionHeaders { fields[field.name] = field.value }
    }

    /// What answers about the object say of its encryption, a customer's key apart.
    package var encryptionHeaders: HTTPFields { isEncryptionManaged ? [Self.encryptionName: "AES256"] : [:] }

    /// Adds the checksum a reader asked for.
    package func addChecksum(to fields: inout HTTPFields) {
        guard let checksum else { return }
        fields[checksum.algorithm.headerName] = checksum.text
        fields[AmazonHeader.checksumType] = checksum.type.rawValue
    }

    /// Whether a value can stand in a header: what was attached elsewhere may hold anything.
    private static func isValue(_ value: String) -> Bool {
        HTTPField.isValidValue(value) && value.utf8.count <= maximumUserMetadata
    }
}
