/// `AKID/20261123/us-east-1/s3/aws4_request`: whose key signed, and for when, where and what.
package struct CredentialScope: Hashable, Sendable {
    package let accessKeyID: String
    /// Eight digits.
    package let day: String
    package let region: String
    package let service: String

    /// The scope without the key's id, as strings to sign have it.
    var text: String { "\(day)/\(region)/\(service)/aws4_request" }

    /// Parses the five parts; nil when there are fewer or the last is another. A key's id may contain slashes.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 5, parts[parts.count - 1] == "aws4_request", parts[parts.count - 4].utf8.count == 8,
            parts[parts.count - 4].utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        accessKeyID = parts[..<(parts.count - 4)].joined(separator: "/")
        day = parts[parts.count - 4]
        region = parts[parts.count - 3]
        service = parts[parts.count - 2]
        guard !accessKeyID.isEmpty else { return nil }
    }
}
