import Metabase
import WireMessages

/// The rules of bucket tags, those of S3.
///
/// - Source: protocol document 2 §1.6 and §3.4.
enum BucketTagRules {
    static let maximumCount = 50
    static let maximumKeyLength = 128
    static let maximumValueLength = 256

    /// Reads tags; refuses the whole set for one bad tag.
    static func validate(_ tags: [(key: [UInt8], value: [UInt8])]) throws -> [BucketTag] {
        guard tags.count <= maximumCount else {
            throw RPCStatusError(.tooManyTags, "Bucket tag count exceeds maximum of \(maximumCount)")
        }
        var seen: Set<String> = []
        return try tags.map { tag in
            guard let key = text(tag.key, lengths: 1...maximumKeyLength) else {
                throw RPCStatusError(.tagKeyInvalid, "A tag key is invalid")
            }
            guard seen.insert(key).inserted else { throw RPCStatusError(.tagKeyDuplicate, "A tag key is duplicated") }
            guard let value = text(tag.value, lengths: 0...maximumValueLength) else {
                throw RPCStatusError(.tagValueInvalid, "A tag value is invalid")
            }
            return BucketTag(key: key, value: value)
        }
    }

    private static func text(_ bytes: [UInt8], lengths: ClosedRange<Int>) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self), lengths.contains(text.unicodeScalars.count),
            text.unicodeScalars.allSatisfy(isAllowed)
        else { return nil }
        return text
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isWhitespace || "+-./:=@_".unicodeScalars.contains(scalar) { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }
}
