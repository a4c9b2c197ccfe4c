package import Ethereum
package import StorageModel

/// What a node did, earned and got in a calendar month: nothing but the sum of its statements, with the receipts of what
/// was paid. Whoever has the statements makes it again and finds the same.
///
/// A statement belongs to the month in which its time ends.
///
/// - Source: economy design §3.5.
package struct MonthStatement: Hashable, Sendable {
    /// Whose books it is from.
    package var payerNode: NodeID
    package var node: NodeID
    /// Who is paid; of several the last one.
    package var farmer: Address
    package var month: BillingMonth
    /// Seconds since 1970.
    package var createdAt: UInt64
    package var codes: Set<PayoutCode>
    /// The statements, oldest first.
    package var periods: [Period]
    /// What was done and earned, one a kind, in the order of the kinds; kinds without anything are left out.
    package var services: [Service]
    /// What was kept back.
    package var held: TokenAmount
    /// What was kept back earlier and is due now.
    package var disposed: TokenAmount
    /// The services less what was kept back.
    package var owed: TokenAmount
    /// What vouchers or roots promise: `owed` and `disposed`.
    package var paid: TokenAmount
    /// What has arrived so far.
    package var distributed: TokenAmount
    /// The prices of a token by which dollars became STORJ, by time.
    package var quotes: [Quote]
    /// By which operations it arrived, oldest first.
    package var receipts: [PayoutReceipt]

    /// One statement.
    package struct Period: Hashable, Sendable {
        package var period: UInt32
        /// `Statement.digest`.
        package var statement: Bytes32
        /// What the heartbeat gave; nil when there was none.
        package var outcome: Statement.Outcome?
        package var amount: TokenAmount
    }

    /// One kind of service over the month.
    package struct Service: Hashable, Sendable {
        package var kind: ServiceKind
        /// Bytes; of storage, byte-seconds.
        package var quantity: UInt128
        package var earned: TokenAmount
        /// Millionths of a dollar; nil when a price was in STORJ and nobody knows what that was in dollars.
        package var worth: USDAmount?
    }

    /// What the services earned; nil when the sum is more than there can be.
    package var earned: TokenAmount? {
        services.reduce(TokenAmount.zero as TokenAmount?) { $0?.adding($1.earned) }
    }

    /// A service; nil when there was nothing of it.
    package func service(_ kind: ServiceKind) -> Service? { services.first { $0.kind == kind } }
}

/// Money that arrived at a farmer, with what shows it on the ledger.
package struct PayoutReceipt: Hashable, Sendable {
    /// The transaction's hash, or that of the line in our own ledger.
    package var transaction: Bytes32
    /// The block.
    package var height: UInt64
    /// Which of the operation's events.
    package var index: UInt32
    /// Seconds since 1970.
    package var time: UInt64
    package var amount: TokenAmount

    /// A receipt.
    package init(transaction: Bytes32, height: UInt64, index: UInt32, time: UInt64, amount: TokenAmount) {
        self.transaction = transaction
        self.height = height
        self.index = index
        self.time = time
        self.amount = amount
    }
}
