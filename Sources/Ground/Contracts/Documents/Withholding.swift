/// How much of a new node's pay is kept back, and when it is given back. Off unless a satellite wants it.
///
/// - Source: protocol document 3 §7.1; economy design §3.5.
package struct Withholding: Hashable, Sendable {
    /// Percent kept back in a node's first, second, … calendar month, each at most 100; afterwards nothing is.
    package var percents: [UInt32]
    /// Percent of all that was ever kept back that is given back when those months are over; the rest when the node leaves.
    package var returnedPercent: UInt32

    /// Nothing is kept back.
    package static let none = Withholding(percents: [], returnedPercent: 100)
    /// What the public network does: 75, 50 and 25 % for three months each, half of it back after fifteen.
    package static let customary = Withholding(
        percents: [75, 75, 75, 50, 50, 50, 25, 25, 25, 0, 0, 0, 0, 0, 0], returnedPercent: 50)

    /// A schedule.
    package init(percents: [UInt32], returnedPercent: UInt32) {
        self.percents = percents.map { min($0, 100) }
        self.returnedPercent = min(returnedPercent, 100)
    }

    /// What was kept back of a node's pay so far, and given back of that.
    package struct Balance: Hashable, Sendable {
        package var held: TokenAmount
        package var disposed: TokenAmount

        /// A balance.
        package init(held: TokenAmount = .zero, disposed: TokenAmount = .zero) {
            self.held = held
            self.disposed = disposed
        }

        /// What is still kept back.
        package var rest: TokenAmount { held.subtracting(disposed) ?? .zero }
    }

    /// Whether pay of this moment belongs to the months of the schedule.
    package func isWithholding(joinedAt: BillingMonth, at month: BillingMonth) -> Bool {
        Int(month.number) - Int(joinedAt.number) < percents.count
    }

    /// What is kept back of a sum, and given back with it.
    ///
    /// - Parameters:
    ///   - earned: the sum of a statement's lines.
    ///   - balance: of the statements before.
    ///   - joinedAt: the month the node came; it is the first of the schedule.
    ///   - hasLeft: whether it has left in good order: then nothing is kept back and everything is given back.
    package func split(
        earned: TokenAmount, balance: Balance, joinedAt: BillingMonth, at month: BillingMonth, hasLeft: Bool
    ) -> (held: TokenAmount, disposed: TokenAmount) {
        if hasLeft { return (.zero, balance.rest) }
        let index = max(0, Int(month.number) - Int(joinedAt.number))
        guard index >= percents.count else { return (Self.share(earned, percents[index]), .zero) }
        return (.zero, Self.share(balance.held, returnedPercent).subtracting(balance.disposed) ?? .zero)
    }

    /// Rounded down.
    private static func share(_ amount: TokenAmount, _ percent: UInt32) -> TokenAmount {
        let (high, low) = amount.units.multipliedFullWidth(by: UInt64(percent))
        // A percent is at most 100: the quotient is no more than the amount.
        return TokenAmount(UInt64(100).dividingFullWidth((high, low)).quotient)
    }
}
