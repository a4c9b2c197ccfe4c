/// What a copy is made of: the header `x-amz-copy-source`.
package struct CopySource: Hashable, Sendable {
    package let bucket: String
    package let key: String
    /// As the client wrote it; nil for the newest.
    package let versionID: String?

    package init(bucket: String, key: String, versionID: String? = nil) {
        self.bucket = bucket
        self.key = key
        self.versionID = versionID
    }

    /// Parses `/bucket/key?versionId=…`, percent-encoded, with or without the first slash.
    ///
    /// - Throws: `InvalidArgument`.
    package static func parse(_ text: String) throws(S3Error) -> CopySource {
        var path = text[...]
        var versionID: String?
        if let mark = path.firstRange(of: "?versionId=") {
            versionID = String(path[mark.upperBound...])
            path = path[..<mark.lowerBound]
        }
        guard let decoded = String(validating: PercentCode.decode(path.utf8), as: UTF8.self) else { throw malformed }
        let parts = decoded.trimmingPrefix("/").split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[1].utf8.count <= 1024 else { throw malformed }
        return CopySource(bucket: String(parts[0]), key: String(parts[1]), versionID: versionID)
    }

    private static var malformed: S3Error {
        S3Error(.invalidArgument, "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
    }
}
