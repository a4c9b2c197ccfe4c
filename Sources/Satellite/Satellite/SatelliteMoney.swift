package import Billing
package import Chores
package import DRPC
package import Ledger
package import Market

/// What a satellite pays and is paid with.
package struct SatelliteMoney: Sendable {
    /// How farmers are paid.
    package var payment: PaymentParts
    /// What STORJ costs: one book for all rooms.
    package var quotes: QuoteBook
    /// How customers pay in; nil takes no deposits.
    package var deposits: DepositDoor?
    /// What partners are paid from; nil only writes down what they are owed.
    package var partners: PartnerAccount?
    /// The ledger's own recurring work.
    package var chores: [Cycle]
    /// Adds what others may ask of a ledger that the satellite keeps.
    package var register: @Sendable (inout RPCRouter) -> Void

    /// All that is needed to pay farmers.
    package init(
        payment: PaymentParts, quotes: QuoteBook, chores: [Cycle], register: @escaping @Sendable (inout RPCRouter) -> Void
    ) {
        self.payment = payment
        self.quotes = quotes
        self.chores = chores
        self.register = register
    }
}
