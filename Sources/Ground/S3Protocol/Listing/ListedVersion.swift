package import StorageModel

/// A version of an object as listings show it.
package struct ListedVersion: Hashable, Sendable {
    package let key: String
    /// What answers call the version; nil for the one that was stored without versions, which S3 calls `null`.
    package let version: String?
    /// Whether readers of the key see this version.
    package var isLatest: Bool
    package let isDeleteMarker: Bool
    package let modified: Timestamp
    /// Bytes of content.
    package let size: Int64
    /// Without quotes.
    package let tag: String
    package let checksum: ChecksumAlgorithm?

    package init(
        key: String, version: String?, isLatest: Bool, isDeleteMarker: Bool, modified: Timestamp, size: Int64,
        tag: String, checksum: ChecksumAlgorithm?
    ) {
        self.key = key
        self.version = version
        self.isLatest = isLatest
        self.isDeleteMarker = isDeleteMarker
        self.modified = modified
        self.size = size
        self.tag = tag
        self.checksum = checksum
    }

    /// Whether a listing without versions shows it.
    package var isCurrent: Bool { isLatest && !isDeleteMarker }

    /// As versions are named in answers.
    package var versionName: String { version ?? "null" }
}
