package import Contracts
package import Ethereum
package import StorageModel

/// A movement: what leaves some accounts arrives at others, so that the postings of an entry add up to nothing.
///
/// An exchange is two entries, one a currency, that name the same quote.
///
/// - Source: economy design §3.6.
package struct JournalEntry: Hashable, Sendable {
    /// What is counted.
    package enum Currency: Int, Sendable, CaseIterable {
        /// Millionths of a US dollar.
        case microUSD = 0
        /// Base units of STORJ.
        case storj = 1
    }

    /// What an account gains, or loses when it is below zero.
    package struct Posting: Hashable, Sendable {
        package let account: JournalAccount
        package let amount: Int64

        /// A posting.
        package init(_ account: JournalAccount, _ amount: Int64) {
            self.account = account
            self.amount = amount
        }
    }

    /// Names the movement for ever: posting it again changes nothing. For instance `deposit/<chain>/<transaction>/3`.
    package let id: String
    /// When it happened.
    package let time: Timestamp
    package let currency: Currency
    /// At least two; they add up to zero.
    package let postings: [Posting]
    /// A sentence for people.
    package let note: String
    /// The price of the exchange this entry is one half of.
    package let quote: Bytes32?

    /// An entry.
    package init(
        id: String, time: Timestamp, currency: Currency, postings: [Posting], note: String, quote: Bytes32? = nil
    ) {
        self.id = id
        self.time = time
        self.currency = currency
        self.postings = postings
        self.note = note
        self.quote = quote
    }

    /// An amount of dollars from one account to another. A negative amount goes the other way.
    package init(
        id: String, time: Timestamp, _ amount: USDAmount, from source: JournalAccount, to target: JournalAccount,
        note: String, quote: Bytes32? = nil
    ) throws(JournalError) {
        guard let opposite = amount.negated else { throw .outOfRange(entry: id) }
        self.init(
            id: id, time: time, currency: .microUSD,
            postings: [Posting(source, opposite.micro), Posting(target, amount.micro)], note: note, quote: quote)
    }

    /// Tokens from one account to another.
    package init(
        id: String, time: Timestamp, _ amount: TokenAmount, from source: JournalAccount, to target: JournalAccount,
        note: String, quote: Bytes32? = nil
    ) throws(JournalError) {
        guard let units = Int64(exactly: amount.units) else { throw .outOfRange(entry: id) }
        self.init(
            id: id, time: time, currency: .storj, postings: [Posting(source, -units), Posting(target, units)],
            note: note, quote: quote)
    }

    /// What is wrong with the entry by itself; nil when it balances.
    var objection: JournalError? {
        guard !id.isEmpty, postings.count >= 2, Set(postings.map(\.account)).count == postings.count else {
            return .malformed(entry: id)
        }
        var sum: Int64 = 0
        for posting in postings {
            let (next, overflow) = sum.addingReportingOverflow(posting.amount)
            if overflow { return .outOfRange(entry: id) }
            sum = next
        }
        return sum == 0 ? nil : .unbalanced(entry: id)
    }
}

/// Somebody or something that has a balance, by name.
///
/// - Source: economy design §3.6.
package struct JournalAccount: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String
    package var description: String { rawValue }

    /// An account by its name.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// What a customer has with the satellite: real credit, spent by invoices.
    package static func customer(_ id: String) -> JournalAccount { JournalAccount(rawValue: "customer/\(id)") }
    /// What a customer got as a present; it cannot be withdrawn and no partner shares in it.
    package static func customerBonus(_ id: String) -> JournalAccount { JournalAccount(rawValue: "customer/\(id)/bonus") }
    /// Credit of a customer that is held back.
    package static func customerFrozen(_ id: String) -> JournalAccount { JournalAccount(rawValue: "customer/\(id)/frozen") }
    /// Where presents come from.
    package static let bonus = JournalAccount(rawValue: "bonus")
    /// What customers paid.
    package static let revenue = JournalAccount(rawValue: "revenue")
    /// What is owed to a farmer, by wallet.
    package static func farmerOwed(_ wallet: Address) -> JournalAccount { JournalAccount(rawValue: "farmer/\(wallet)/owed") }
    /// What is held back of a farmer's pay.
    package static func farmerHeld(_ wallet: Address) -> JournalAccount { JournalAccount(rawValue: "farmer/\(wallet)/held") }
    /// What is owed to a partner.
    package static func partner(_ id: String) -> JournalAccount { JournalAccount(rawValue: "partner/\(id)") }
    /// What is locked in a channel.
    package static func channelDeposit(_ channel: Bytes32) -> JournalAccount {
        JournalAccount(rawValue: "channel/\(Hexadecimal.encode(channel.bytes))/deposit")
    }
    /// What waits to be claimed with payout roots.
    package static let pool = JournalAccount(rawValue: "pool")
    /// What operations on the chain cost.
    package static let fees = JournalAccount(rawValue: "fees")
    /// Where one currency becomes the other.
    package static let exchange = JournalAccount(rawValue: "fx")
    /// What farmers' work cost: the other side of what is owed to them.
    package static let farmersCost = JournalAccount(rawValue: "cost/farmers")
    /// What partners' shares cost.
    package static let partnersCost = JournalAccount(rawValue: "cost/partners")
    /// The satellite's own tokens: what it can fund channels and pools with.
    package static let wallet = JournalAccount(rawValue: "wallet")
    /// Tokens outside: what comes in leaves it, what goes out arrives there.
    package static let chain = JournalAccount(rawValue: "chain")
    /// Money that came by card.
    package static let cards = JournalAccount(rawValue: "cards")
}
