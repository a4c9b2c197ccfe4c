package import Database
package import Ledger

/// What a node is given to be paid with.
package struct FarmingParts: Sendable {
    /// Who is paid, and who signs.
    package var keys: FarmerKeys
    /// Where the money is.
    package var backend: any SettlementBackend
    /// What STORJ costs; asked when prices are in dollars.
    package var quotes: any QuoteSource
    /// Where statements and vouchers are kept.
    package var database: Database

    /// All parts.
    package init(keys: FarmerKeys, backend: any SettlementBackend, quotes: any QuoteSource, database: Database) {
        self.keys = keys
        self.backend = backend
        self.quotes = quotes
        self.database = database
    }
}
