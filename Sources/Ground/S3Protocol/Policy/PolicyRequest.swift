/// What a policy is asked about.
package struct PolicyRequest: Sendable {
    /// The account that asks; nil for somebody without one.
    package let principal: String?
    /// `s3:GetObject`.
    package let action: String
    /// `arn:aws:s3:::photos/2026/a.jpg`.
    package let resource: String
    /// Values of conditions' keys, which are in lower case: `s3:prefix`, `aws:sourceip`.
    package let context: [String: [String]]

    package init(principal: String?, action: String, resource: String, context: [String: [String]]) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }
}

/// What a policy says to a request.
package enum PolicyVerdict: Sendable, Hashable {
    /// It forbids it, whatever else allows it.
    case deny
    case allow
    /// It does not speak of it.
    case none
}
