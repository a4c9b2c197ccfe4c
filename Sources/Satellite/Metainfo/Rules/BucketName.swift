/// The rules of a new bucket's name, those of S3.
///
/// - Source: protocol document 2 §3.4.
package enum BucketName {
    static let lengths = 3...63

    /// Says what is wrong with the name of a bucket that is to be created; nil when nothing is.
    package static func problem(of name: [UInt8]) -> String? {
        if let problem = lengthProblem(of: name) { return problem }
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels {
            if let problem = problem(ofLabel: label) { return problem }
        }
        if isIPv4(labels) { return "bucket name cannot be formatted as an IP address" }
        return nil
    }

    /// Says what is wrong with a name by its length only, which is all that is asked of existing buckets.
    static func lengthProblem(of name: [UInt8]) -> String? {
        if name.isEmpty { return "no bucket specified" }
        if lengths.contains(name.count) { return nil }
        return "The specified bucket name must be at least 3 and no more than 63 characters long"
    }

    private static func problem(ofLabel label: ArraySlice<UInt8>) -> String? {
        guard let first = label.first, let last = label.last else { return "bucket label cannot be empty" }
        if !isLowercaseOrDigit(first) { return "bucket label must start with a lowercase letter or number" }
        if !isLowercaseOrDigit(last) { return "bucket label must end with a lowercase letter or number" }
        guard label.allSatisfy({ isLowercaseOrDigit($0) || $0 == UInt8(ascii: "-") }) else {
            return "bucket name must contain only lowercase letters, numbers or hyphens"
        }
        return nil
    }

    private static func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isIPv4(_ labels: [ArraySlice<UInt8>]) -> Bool {
        labels.count == 4
            && labels.allSatisfy { label in
                guard label.count <= 3, label.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
                return label.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
            }
    }
}
