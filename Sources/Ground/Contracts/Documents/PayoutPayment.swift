package import Ethereum

/// One line of a payment: how much a wallet is to get.
package struct PayoutPayment: Hashable, Sendable {
    package var wallet: Address
    package var amount: TokenAmount
    /// On which chain, as payment tools call it.
    package var kind: String
    /// Paid also when the fee is a large part of it: a farmer that leaves gets its last cent.
    package var isMandatory: Bool
    /// Not to be paid.
    package var isSanctioned: Bool
    /// Of the amount, what is a present.
    package var bonus: TokenAmount

    /// A payment.
    package init(
        wallet: Address, amount: TokenAmount, kind: String = "eth", isMandatory: Bool = false, isSanctioned: Bool = false,
        bonus: TokenAmount = .zero
    ) {
        self.wallet = wallet
        self.amount = amount
        self.kind = kind
        self.isMandatory = isMandatory
        self.isSanctioned = isSanctioned
        self.bonus = bonus
    }
}
