/// One statement of a policy.
struct PolicyStatement: Sendable {
    enum Effect: String { case allow = "Allow", deny = "Deny" }

    let effect: Effect
    private let principals: PolicyPrincipals
    private let isNotPrincipal: Bool
    private let actions: [WildcardPattern]
    private let isNotAction: Bool
    private let resources: [WildcardPattern]
    private let isNotResource: Bool
    let conditions: [PolicyCondition]

    private static let knownNames: Set<String> = [
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
    ]

    /// - Throws: `MalformedPolicy`.
    init(_ value: JSONValue, bucket: String) throws(S3Error) {
        guard case .object(let fields) = value, Set(fields.keys).isSubset(of: Self.knownNames),
            case .text(let effectText) = fields["Effect"], let effect = Effect(rawValue: effectText)
        else { throw S3Error(.malformedPolicy, "Invalid policy syntax.") }
        self.effect = effect
        isNotPrincipal = fields["NotPrincipal"] != nil
        guard let principal = fields["Principal"] ?? fields["NotPrincipal"],
            fields["Principal"] == nil || fields["NotPrincipal"] == nil
        else { throw S3Error(.malformedPolicy, "Missing required field Principal") }
        guard effect == .deny || !isNotPrincipal else {
            throw S3Error(.malformedPolicy, "Allow with NotPrincipal is not allowed")
        }
        principals = try PolicyPrincipals(principal)
        isNotAction = fields["NotAction"] != nil
        actions = try Self.patterns(fields, "Action", ignoringCase: true) { action in
            action == "*" || action.lowercased().hasPrefix("s3:")
        }
        isNotResource = fields["NotResource"] != nil
        resources = try Self.patterns(fields, "Resource", ignoringCase: false) { resource in
            Self.isResource(resource, of: bucket)
        }
        conditions = try PolicyCondition.parse(fields["Condition"])
    }

    /// The patterns of `name`, or of `Not` and `name`.
    private static func patterns(
        _ fields: [String: JSONValue], _ name: String, ignoringCase: Bool, _ isValid: (String) -> Bool
    ) throws(S3Error) -> [WildcardPattern] {
        guard fields[name] == nil || fields["Not" + name] == nil,
            let texts = (fields[name] ?? fields["Not" + name])?.texts, !texts.isEmpty
        else { throw S3Error(.malformedPolicy, "Missing required field \(name)") }
        for text in texts {
            guard isValid(text) else {
                throw S3Error(.malformedPolicy, "Policy has invalid \(name.lowercased())")
            }
            guard !text.contains("${") else {
                throw S3Error(.malformedPolicy, "Policy variables are not supported")
            }
        }
        return texts.map { WildcardPattern($0, ignoringCase: ignoringCase) }
    }

    /// A bucket's policy speaks of that bucket and what is in it.
    private static func isResource(_ text: String, of bucket: String) -> Bool {
        if text == "*" { return true }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "s3", parts[3].isEmpty else { return false }
        let name = parts[5].prefix { $0 != "/" }
        return WildcardPattern(String(name)).matches(bucket)
    }

    /// Whether the statement speaks of a request.
    func speaks(of request: PolicyRequest) -> Bool {
        principals.contains(request.principal) != isNotPrincipal
            && actions.contains { $0.matches(request.action.lowercased()) } != isNotAction
            && resources.contains { $0.matches(request.resource) } != isNotResource
            && conditions.allSatisfy { $0.holds(request.context) }
    }

    /// Whether strangers are let in by it.
    var isPublic: Bool {
        effect == .allow && principals.isEverybody && !conditions.contains { $0.namesFixedCallers }
    }
}
