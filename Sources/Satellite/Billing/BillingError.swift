/// What billing refuses, and what fails around it.
package struct BillingError: Error, Hashable, CustomStringConvertible {
    /// The closed list of causes.
    package enum Code: Hashable, Sendable {
        /// There is no such customer, invoice, coupon, deposit or partner.
        case notFound
        /// It is there already.
        case alreadyExists
        /// A request that breaks a rule.
        case invalid
        /// A card was declined.
        case declined
        /// Nobody can say yet: asking again helps.
        case unavailable
        /// Numbers that are larger than anything we count.
        case outOfRange
    }

    /// What went wrong.
    package let code: Code
    /// One sentence for an operator.
    package let message: String

    /// An error.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
