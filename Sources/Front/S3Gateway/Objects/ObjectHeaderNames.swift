package import HTTPTypes

extension HTTPField.Name {
    private static func amazon(_ suffix: String) -> HTTPField.Name {
        guard let name = HTTPField.Name("x-amz-" + suffix) else { preconditionFailure("a header's name must be a token") }
        return name
    }

    package static let versionID = amazon("version-id")
    package static let deleteMarker = amazon("delete-marker")
    package static let lockMode = amazon("object-lock-mode")
    package static let lockUntil = amazon("object-lock-retain-until-date")
    package static let lockHold = amazon("object-lock-legal-hold")
    package static let bypassGovernance = amazon("bypass-governance-retention")
    package static let partsCount = amazon("mp-parts-count")
    package static let checksumMode = amazon("checksum-mode")
    package static let storageClass = amazon("storage-class")
    package static let copySource = amazon("copy-source")
    package static let copySourceVersion = amazon("copy-source-version-id")
    package static let metadataDirective = amazon("metadata-directive")
    package static let taggingDirective = amazon("tagging-directive")
    package static let objectAttributes = amazon("object-attributes")
    package static let maximumParts = amazon("max-parts")
    package static let partNumberMarker = amazon("part-number-marker")
    package static let ifMatchModified = amazon("if-match-last-modified-time")
    package static let ifMatchSize = amazon("if-match-size")
}
