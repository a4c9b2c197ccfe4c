import Foundation

/// One line of a statement's conditions: an operator, a key and the values to compare with.
///
/// - Source: IAM user guide, "IAM JSON policy elements: Condition operators".
struct PolicyCondition: Sendable {
    /// How several values of a request count.
    private enum Quantifier { case single, any, all }

    private let comparison: PolicyComparison
    private let isNegated: Bool
    private let mayBeMissing: Bool
    private let quantifier: Quantifier
    /// In lower case.
    let key: String
    private let values: [String]

    /// Reads `{"StringLike": {"s3:prefix": ["a*", "b*"]}}`.
    ///
    /// - Throws: `MalformedPolicy`.
    static func parse(_ value: JSONValue?) throws(S3Error) -> [PolicyCondition] {
        guard let value else { return [] }
        guard case .object(let operators) = value else { throw malformed }
        var conditions: [PolicyCondition] = []
        for (name, value) in operators {
            guard case .object(let keys) = value else { throw malformed }
            for (key, value) in keys {
                guard let values = value.texts, !values.isEmpty else { throw malformed }
                conditions.append(try PolicyCondition(name, key: key, values: values))
            }
        }
        return conditions
    }

    private static let malformed = S3Error(.malformedPolicy, "Invalid condition in policy")

    private init(_ name: String, key: String, values: [String]) throws(S3Error) {
        var name = name[...]
        switch name {
        case _ where name.hasPrefix("ForAnyValue:"):
            quantifier = .any
            name = name.dropFirst("ForAnyValue:".count)
        case _ where name.hasPrefix("ForAllValues:"):
            quantifier = .all
            name = name.dropFirst("ForAllValues:".count)
        default: quantifier = .single
        }
        mayBeMissing = name.hasSuffix("IfExists")
        if mayBeMissing { name = name.dropLast("IfExists".count) }
        guard let (comparison, isNegated) = PolicyComparison.named(String(name)) else {
            throw S3Error(.malformedPolicy, "Invalid condition operator: \(name)")
        }
        guard !values.contains(where: { $0.contains("${") }) else {
            throw S3Error(.malformedPolicy, "Policy variables are not supported")
        }
        guard values.allSatisfy({ comparison.isValid($0) }) else { throw Self.malformed }
        self.comparison = comparison
        self.isNegated = isNegated
        self.key = key.lowercased()
        self.values = values
    }

    /// Whether the condition is met.
    ///
    /// - Parameter context: values of keys in lower case.
    func holds(_ context: [String: [String]]) -> Bool {
        let actual = context[key] ?? []
        if comparison == .null { return values.contains(actual.isEmpty ? "true" : "false") }
        if actual.isEmpty { return mayBeMissing || isNegated || quantifier == .all }
        let isMet = { (value: String) in values.contains { comparison.compare(value, $0) } != isNegated }
        return quantifier == .all || (quantifier == .single && isNegated)
            ? actual.allSatisfy(isMet) : actual.contains(where: isMet)
    }

    /// Keys that say who calls, or from where.
    private static let callersKeys: Set<String> = [
        "aws:sourceip", "aws:sourcearn", "aws:sourceaccount", "aws:sourcevpc", "aws:sourcevpce", "aws:principalarn",
        "aws:principalaccount", "aws:principalorgid", "aws:userid", "aws:username",
    ]

    /// Whether it lets in only callers that are named by fixed values, so that the statement is not public.
    var namesFixedCallers: Bool {
        guard !isNegated, !mayBeMissing, quantifier != .all, comparison != .null, Self.callersKeys.contains(key)
        else { return false }
        return values.allSatisfy { value in
            !value.contains("*") && !value.contains("?") && !value.hasSuffix("/0")
        }
    }
}
