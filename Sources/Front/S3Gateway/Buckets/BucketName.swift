import S3Protocol

/// What S3 accepts as the name of a new bucket.
///
/// - Source: Amazon S3 user guide, "General purpose bucket naming rules".
enum BucketName {
    /// Whether a bucket may be made with this name: 3 to 63 lower-case letters, digits, dots and hyphens, labels that
    /// begin and end with a letter or digit, and no IPv4 address.
    static func isValid(_ name: String) -> Bool {
        guard (3...63).contains(name.utf8.count), !isAddress(name) else { return false }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.utf8.first, let last = label.utf8.last else { return false }
            return isLetterOrDigit(first) && isLetterOrDigit(last)
                && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
        }
    }

    /// Checks a name.
    ///
    /// - Throws: `InvalidBucketName`.
    static func validate(_ name: String) throws(S3Error) {
        guard isValid(name) else { throw S3Error(.invalidBucketName, "The specified bucket is not valid.") }
    }

    private static func isAddress(_ name: String) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count == 4 && labels.allSatisfy { label in UInt8(label) != nil }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
