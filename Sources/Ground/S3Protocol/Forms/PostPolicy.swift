import Foundation
package import StorageModel

/// What the owner of a key lets others upload with a form.
///
/// - Source: Amazon S3 API reference, "POST policy".
package struct PostPolicy: Hashable, Sendable {
    private enum Condition: Hashable, Sendable {
        case equals(String, String)
        case begins(String, String)
        case length(ClosedRange<Int64>)
    }

    /// Fields that no condition has to name.
    private static let exemptFields: Set<String> = [
        "awsaccesskeyid", "signature", "policy", "file", "x-amz-signature", "x-amz-algorithm", "x-amz-credential",
        "x-amz-date", "submit",
    ]

    private let expiration: Timestamp
    private let conditions: [Condition]

    /// Parses the field `policy`: JSON in base64. The names of its two members count letter by letter, those of fields
    /// and operators do not.
    ///
    /// - Throws: `InvalidPolicyDocument`.
    package init(base64 text: String) throws(S3Error) {
        guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters), !data.isEmpty,
            let json = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { throw Self.invalid("Invalid JSON.") }
        guard let expiration = (json["expiration"] as? String).flatMap(S3Date.parseISO8601) else {
            throw Self.invalid("Policy missing expiration or its form is not ISO 8601.")
        }
        guard let list = json["conditions"] as? [Any] else { throw Self.invalid("Policy missing conditions.") }
        self.expiration = expiration
        var conditions: [Condition] = []
        for item in list { conditions += try Self.parse(item) }
        self.conditions = conditions
    }

    private static func parse(_ item: Any) throws(S3Error) -> [Condition] {
        if let members = item as? [String: Any] {
            guard !members.isEmpty else { throw invalid("Invalid Simple-Condition: empty.") }
            var conditions: [Condition] = []
            for (name, value) in members {
                guard let value = value as? String else { throw invalid("Invalid Simple-Condition: value must be a string.") }
                conditions.append(.equals(name.lowercased(), value))
            }
            return conditions
        }
        guard let parts = item as? [Any], parts.count == 3, let verb = (parts[0] as? String)?.lowercased() else {
            throw invalid("Invalid Condition: a list of three.")
        }
        if verb == "content-length-range" {
            guard let least = number(parts[1]), let most = number(parts[2]), least <= most else {
                throw invalid("Invalid content-length-range.")
            }
            return [.length(least...most)]
        }
        guard let name = parts[1] as? String, name.hasPrefix("$"), let value = parts[2] as? String else {
            throw invalid("Invalid Condition: a field's name begins with $.")
        }
        switch verb {
        case "eq": return [.equals(name.dropFirst().lowercased(), value)]
        case "starts-with": return [.begins(name.dropFirst().lowercased(), value)]
        default: throw invalid("Invalid Condition: unknown operator.")
        }
    }

    /// A number of bytes, as a number or as text.
    private static func number(_ value: Any) -> Int64? {
        let number = (value as? String).flatMap { Int64($0) } ?? (value as? NSNumber)?.int64Value
        return number.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// How many bytes the file may have.
    package var lengths: ClosedRange<Int64> {
        var range: ClosedRange<Int64> = 0...Int64.max
        for case .length(let length) in conditions {
            let least = max(range.lowerBound, length.lowerBound)
            // Two ranges that exclude each other let nothing through but what is in neither: an empty choice.
            range = least...max(least, min(range.upperBound, length.upperBound))
        }
        return range
    }

    /// Checks what a form's fields say.
    ///
    /// - Parameter fields: by lower-case names, the bucket among them.
    /// - Throws: `AccessDenied`: too late, against a condition, or a field that no condition names.
    package func check(_ fields: [String: String], at now: Timestamp) throws(S3Error) {
        guard now < expiration else { throw Self.denied("Policy expired.") }
        for condition in conditions {
            switch condition {
            case .equals(let name, let value):
                guard fields[name] == value else { throw Self.failed("eq", name, value) }
            case .begins(let name, let value):
                guard (fields[name] ?? "").hasPrefix(value) else { throw Self.failed("starts-with", name, value) }
            case .length: break
            }
        }
        let named = Set(conditions.compactMap { condition in
            switch condition {
            case .equals(let name, _), .begins(let name, _): name
            case .length: nil
            }
        })
        for name in fields.keys where !named.contains(name) && !Self.isExempt(name) {
            throw Self.denied("Extra input fields: \(name)")
        }
    }

    private static func isExempt(_ name: String) -> Bool {
        exemptFields.contains(name) || name.hasPrefix("x-ignore-") || name.hasPrefix("x-amz-checksum-")
    }

    private static func failed(_ verb: String, _ name: String, _ value: String) -> S3Error {
        denied("Policy Condition failed: [\"\(verb)\", \"$\(name)\", \"\(value)\"]")
    }

    private static func denied(_ message: String) -> S3Error {
        S3Error(.accessDenied, "Invalid according to Policy: \(message)")
    }

    private static func invalid(_ message: String) -> S3Error {
        S3Error(.invalidPolicyDocument, "Invalid Policy: \(message)")
    }
}
