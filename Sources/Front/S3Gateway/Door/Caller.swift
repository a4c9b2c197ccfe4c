package import GatewayRecords

/// Who sends a request.
package struct Caller: Sendable {
    /// Nil for somebody who did not sign.
    package let account: GatewayAccount?
    package let accessKeyID: String?
    /// The text of his own access grant.
    package let grant: String?

    package init(account: GatewayAccount?, accessKeyID: String?, grant: String?) {
        self.account = account
        self.accessKeyID = accessKeyID
        self.grant = grant
    }

    /// Somebody who did not sign.
    package static let anonymous = Caller(account: nil, accessKeyID: nil, grant: nil)
}
