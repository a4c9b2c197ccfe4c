import Accounts
package import Foundation

/// Who sees the back office of the satellite's console.
package struct OperatorsAnswer: Codable, Hashable, Sendable {
    /// An account.
    package struct Entry: Codable, Hashable, Sendable {
        package let email: String
        package let name: String
        package let since: Date
    }

    package let operators: [Entry]

    init(_ users: [User]) {
        operators = users.map { Entry(email: $0.email, name: $0.name, since: $0.createdAt.date) }
    }
}

/// Makes an account an operator's, or an ordinary one again.
package struct OperatorRequest: Codable, Sendable {
    /// An id, or an address of mail.
    package let account: String
    package let isOperator: Bool

    /// Whom, and what he is to be.
    package init(account: String, isOperator: Bool) {
        self.account = account
        self.isOperator = isOperator
    }

    enum CodingKeys: String, CodingKey {
        case account
        case isOperator = "is_operator"
    }
}
