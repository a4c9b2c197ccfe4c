/// The steps of paying, each of which is on the disk when it is over: after a crash the next one follows.
package enum PaymentStep: String, CaseIterable, Sendable {
    /// The period is in the books of payments.
    case periodNoted
    /// The price of the period is fixed.
    case quoteFixed
    /// Statements are signed, and in nobody's hands.
    case signed
    /// Statements, vouchers and what they add up to are stored.
    case stored
    /// A node has answered to a statement; that is not stored yet.
    case delivered
    /// It is.
    case deliveryStored
    /// A channel is in the books, and nothing of it on the ledger.
    case channelProposed
    /// An operation on channels was submitted; what came of it is not stored yet.
    case channelSubmitted
    /// What the ledger says of a channel is stored.
    case channelStored
    /// The payout root and its operations' ids are stored.
    case rootStored
    /// The pool is filled; that is not stored yet.
    case poolFilled
    /// The root is anchored; that is not stored yet.
    case anchored
    /// It is.
    case anchorStored
}
