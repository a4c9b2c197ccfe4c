/// Whom a grant of an access control list is for.
package enum Grantee: Sendable, Hashable {
    /// An account.
    case account(AccessOwner)
    case group(Group)
    /// An account, named by its address. Only in what a client sends: accounts are kept by id.
    case email(String)

    /// Many accounts at once.
    package enum Group: String, CaseIterable, Sendable {
        /// Anybody, with or without an account.
        case allUsers = "http://acs.amazonaws.com/groups/global/AllUsers"
        /// Anybody with an account at this gateway.
        case authenticatedUsers = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
        case logDelivery = "http://acs.amazonaws.com/groups/s3/LogDelivery"
    }

    /// Whether strangers are meant.
    package var isPublic: Bool { self == .group(.allUsers) || self == .group(.authenticatedUsers) }

    /// Whether an account is meant; nil stands for somebody without one.
    package func includes(_ account: String?) -> Bool {
        switch self {
        case .account(let owner): owner.id == account
        case .group(.allUsers): true
        case .group(.authenticatedUsers): account != nil
        case .group(.logDelivery), .email: false
        }
    }
}
