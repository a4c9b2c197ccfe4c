package import Accounting
package import Accounts
package import Chores
import Contracts
package import Database
import Ethereum
package import Ledger
package import Logging
package import StorageModel

/// What billing is given by who runs it.
package struct BillingParts: Sendable {
    /// Whose invoices they are.
    package var satellite: NodeID
    package var database: Database
    package var accounts: Accounts
    package var accounting: Accounting
    /// What STORJ costs; nil credits no deposits and pays no partners: nothing is guessed.
    package var quotes: QuoteBook?
    /// Where deposits come in; nil takes none.
    package var deposits: DepositDoor?
    /// How partners are paid; nil only writes down what they are owed.
    package var payouts: PartnerAccount?
    /// Where partners' statements are published: `partners/<id>/<month>.bin` below it; nil publishes none.
    package var folder: String?
    package var clock: WallClock
    package var sleeper: Sleeper
    package var logger: Logger

    /// Parts; what may be missing is.
    package init(
        satellite: NodeID, database: Database, accounts: Accounts, accounting: Accounting, clock: WallClock,
        sleeper: Sleeper, logger: Logger
    ) {
        self.satellite = satellite
        self.database = database
        self.accounts = accounts
        self.accounting = accounting
        self.clock = clock
        self.sleeper = sleeper
        self.logger = logger
    }
}

/// What customers and partners owe and are owed: deposits, cards, invoices, coupons, freezes, partners' shares.
///
/// Every movement is written into the journal in the same transaction as what it is about; every step can be cut off
/// anywhere and is done once when it is done again.
package final class Billing: Sendable {
    package let customers: CustomerBook
    package let invoices: InvoiceBook
    package let coupons: CouponBook
    package let deposits: DepositKeeper
    package let cards: CardPayments
    package let arrears: Arrears
    package let partners: PartnerBook
    package let partnerRuns: PartnerRuns
    package let journal: Journal
    package let settings: BillingSettings
    /// What STORJ costs; nil when nobody is asked.
    package var quotes: QuoteBook? { parts.quotes }
    private let parts: BillingParts

    /// Billing over its parts; `load()` comes before anything else.
    package init(parts: BillingParts, settings: BillingSettings) {
        self.parts = parts
        self.settings = settings
        journal = Journal(database: parts.database)
        customers = CustomerBook(parts: parts, settings: settings)
        partners = PartnerBook(parts: parts)
        coupons = CouponBook(parts: parts)
        let meter = UsageMeter(parts: parts, settings: settings, partners: partners)
        invoices = InvoiceBook(parts: parts, settings: settings, meter: meter)
        deposits = DepositKeeper(parts: parts, settings: settings, customers: customers)
        cards = CardPayments(parts: parts, settings: settings)
        arrears = Arrears(parts: parts, settings: settings)
        partnerRuns = PartnerRuns(parts: parts, settings: settings, partners: partners)
    }

    /// Makes the tables, and watches the deposit addresses that were given out.
    ///
    /// - Throws: `DatabaseError`, `LedgerError`.
    package func load() async throws {
        try await journal.migrate()
        if let quotes = parts.quotes { try await quotes.migrate() }
        try await parts.database.migrate(room: "billing", BillingSchema.migrations)
        try await deposits.watchAll()
    }

    /// Recurring work, to be run as services.
    package func makeChores() -> [Cycle] {
        var chores = [cycle("billing", settings.invoiceInterval) { try await self.bill() }]
        if let quotes = parts.quotes {
            chores.append(cycle("quotes", settings.quoteInterval, atOnce: true) { _ = try await quotes.record() })
        }
        if parts.deposits != nil {
            chores.append(cycle("deposits", settings.depositInterval) { try await self.deposits.step() })
        }
        return chores
    }

    /// Issues what is to be issued, has open bills paid from credit, warns and freezes, pays partners.
    ///
    /// - Throws: `DatabaseError`, `BillingError`.
    package func bill() async throws {
        try await cards.resume()
        let now = parts.clock.now()
        let settled = BillingMonth(now.advanced(by: .zero - settings.settlingTime)).previous
        try await invoices.issue(through: settled)
        try await invoices.correct(settled.previous)
        try await invoices.payOpen()
        try await arrears.step()
        try await partnerRuns.run(BillingMonth(now).previous)
    }

    private func cycle(
        _ name: String, _ interval: Duration, atOnce: Bool = false, _ work: @escaping @Sendable () async throws -> Void
    ) -> Cycle {
        Cycle(
            name: name, interval: interval, startsImmediately: atOnce, sleeper: parts.sleeper, clock: parts.clock,
            logger: parts.logger, work: work)
    }
}
