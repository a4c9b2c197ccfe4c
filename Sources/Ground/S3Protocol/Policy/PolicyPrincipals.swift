/// For whom a statement of a policy speaks.
struct PolicyPrincipals: Hashable, Sendable {
    /// Everybody, with or without an account.
    private(set) var isEverybody = false
    private var accounts: Set<String> = []

    /// Reads `"*"`, `{"AWS": …}` or `{"CanonicalUser": …}`.
    ///
    /// - Throws: `MalformedPolicy`.
    init(_ value: JSONValue) throws(S3Error) {
        switch value {
        case .text("*"): isEverybody = true
        case .object(let kinds):
            for (kind, value) in kinds {
                guard let names = value.texts, !names.isEmpty,
                    ["AWS", "CanonicalUser", "Service", "Federated"].contains(kind)
                else { throw Self.malformed }
                // Services and federations have no accounts here: they are nobody.
                guard kind == "AWS" || kind == "CanonicalUser" else { continue }
                for name in names { add(name) }
            }
        default: throw Self.malformed
        }
    }

    private static let malformed = S3Error(.malformedPolicy, "Invalid principal in policy")

    /// An account's id alone, or in an ARN: `arn:aws:iam::<id>:root`, `arn:aws:iam:::user/<id>`.
    private mutating func add(_ name: String) {
        if name == "*" { isEverybody = true }
        accounts.insert(name)
        let parts = name.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam" else { return }
        if parts[5] == "root" { accounts.insert(String(parts[4])) }
        if parts[5].hasPrefix("user/") { accounts.insert(String(parts[5].dropFirst(5))) }
    }

    /// Whether an account is meant; nil stands for somebody without one.
    func contains(_ account: String?) -> Bool {
        if isEverybody { return true }
        guard let account, !account.isEmpty else { return false }
        return accounts.contains(account)
    }
}
