package import Contracts
package import Database
package import Ethereum
package import Ledger
import Overlay
package import StorageModel
import Upkeep

/// How paying farmers stands, for operators.
package struct PaymentStatus: Sendable {
    /// Which ledger is used.
    package let ledger: SettlementDescription
    package let payer: Address
    package let signer: Address
    /// The wallet's free money; nil when the ledger cannot be asked.
    package let balance: TokenAmount?
    /// What waits in the pool; nil when the ledger cannot be asked.
    package let pool: TokenAmount?
    /// Why the ledger cannot be asked; nil when it can.
    package let ledgerError: String?
    /// The price of STORJ now; nil when nobody knows.
    package let quote: Quote?
    /// The last periods that were paid, newest first.
    package let periods: [PaymentRecord]
    /// What all wallets are owed by roots since the beginning.
    package let owedByRoots: TokenAmount
    /// Statements by what farmers said to them.
    package let statementCounts: [StatementRecord.State: Int]
    /// Channels by state.
    package let channelCounts: [ChannelRecord.State: Int]
    /// The newest statements that were refused or could not be delivered.
    package let troubles: [StatementRecord]
}

/// A farmer as the market knows it.
package struct FarmerStatus: Sendable {
    package let farmer: FarmerRecord
    /// The sheet in force; nil for the default prices.
    package let sheet: KnownSheet?
    /// The sheet that will count later; nil when none waits.
    package let coming: KnownSheet?
    /// The channel it is paid by; nil for roots.
    package let channel: ChannelRecord?
    /// What the choice of nodes goes by; nil when the overlay has none.
    package let price: UInt64?
    /// Proven heartbeats of the last ones, in `0...1`.
    package let standing: Double
}

extension Market {
    /// How paying stands; nil when nobody is paid.
    ///
    /// - Throws: `DatabaseError`.
    package func paymentStatus() async throws -> PaymentStatus? {
        guard let payments else { return nil }
        let payment = payments.payment
        var balance: TokenAmount?
        var pool: TokenAmount?
        var failure: String?
        do {
            balance = try await payment.backend.balance(of: payment.payer.address)
            pool = try await payment.backend.payout(of: payment.payer.address)?.pool ?? .zero
        } catch { failure = "\(error)" }
        let now = UInt64(clamping: parts.clock.now().seconds)
        // Without a price there is none to show.
        let quote = (try? await payment.quotes.quote(at: now)) ?? nil
        let books = try await parts.database.read { try Books($0) }
        return PaymentStatus(
            ledger: payment.backend.description, payer: payment.payer.address, signer: payment.signer.address,
            balance: balance, pool: pool, ledgerError: failure, quote: quote, periods: books.periods,
            owedByRoots: books.owedByRoots, statementCounts: books.statementCounts, channelCounts: books.channelCounts,
            troubles: books.troubles)
    }

    /// What the satellite's own books say.
    private struct Books: Sendable {
        let periods: [PaymentRecord]
        let owedByRoots: TokenAmount
        let statementCounts: [StatementRecord.State: Int]
        let channelCounts: [ChannelRecord.State: Int]
        let troubles: [StatementRecord]

        init(_ session: SQLSession) throws {
            periods = try PaymentRecord.newest(limit: 30, in: session)
            let owed = try session.first("SELECT coalesce(sum(cumulative), 0) FROM market_root_amounts") { $0.integer(0) }
            owedByRoots = TokenAmount(UInt64(clamping: owed ?? 0))
            statementCounts = try StatementRecord.counts(in: session)
            let channels = try session.query("SELECT state, count(*) FROM market_channels GROUP BY state") {
                (ChannelRecord.State(rawValue: $0.int(0)), $0.int(1))
            }
            channelCounts = Dictionary(
                channels.compactMap { state, count in state.map { ($0, count) } }, uniquingKeysWith: +)
            troubles = try StatementRecord.fetchTroubles(limit: 100, in: session)
        }
    }

    /// Statements, newest period first.
    ///
    /// - Parameters:
    ///   - period: nil for all.
    ///   - node: nil for all.
    /// - Throws: `DatabaseError`.
    package func statements(period: UInt64? = nil, node: NodeID? = nil, limit: Int) async throws -> [StatementRecord] {
        try await parts.database.read { try StatementRecord.fetch(period: period, node: node, limit: limit, in: $0) }
    }

    /// Channels, by node.
    ///
    /// - Throws: `DatabaseError`.
    package func channels(limit: Int) async throws -> [ChannelRecord] {
        try await parts.database.read { Array(try ChannelRecord.fetchAll(in: $0).prefix(limit)) }
    }

    /// Farmers with their prices, by node.
    ///
    /// - Throws: `DatabaseError`.
    package func farmers() async throws -> [FarmerStatus] {
        let now = UInt64(clamping: parts.clock.now().seconds)
        let offers = parts.overlay.offers() ?? [:]
        return try await parts.database.read { session in
            try FarmerRecord.fetchAll(in: session).map { farmer in
                let book = try SheetBook.fetch(farmer.node, in: session)
                return FarmerStatus(
                    farmer: farmer, sheet: book.inForce(at: now), coming: book.sheets.last { $0.countsFrom > now },
                    channel: try farmer.channel.flatMap { try ChannelRecord.fetch($0, in: session) },
                    price: offers[farmer.node]?.price, standing: offers[farmer.node]?.standing ?? 1)
            }
        }
    }

    /// What an account has on the ledger; nil when nobody is paid.
    ///
    /// - Throws: `LedgerError`.
    package func balance(of address: Address) async throws -> TokenAmount? {
        try await payments?.payment.backend.balance(of: address)
    }

    /// The manifest as it is now; nil when nobody is paid.
    ///
    /// - Throws: `MarketError`, and what keeps the key from signing.
    package func manifest() async throws -> SignedManifest? { try await payments?.manifests.manifest() }

    /// A published file's bytes; nil when there is none of that name.
    ///
    /// - Throws: `DatabaseError`, `MarketError`.
    package func publishedFile(_ name: String) async throws -> [UInt8]? { try await payments?.files.read(name) }

    /// Statements whose settled time ends in a range, by node and period: for those who sum them up.
    ///
    /// - Parameter range: seconds since 1970.
    /// - Throws: `DatabaseError`.
    package static func statements(
        untilIn range: Range<UInt64>, node: NodeID?, in session: SQLSession
    ) throws -> [SignedStatement] {
        try StatementRecord.fetch(untilIn: range, node: node, in: session).map(\.signed)
    }

    /// The file of a payout root; nil for a root this satellite never made.
    ///
    /// - Throws: `DatabaseError`.
    package func payoutFile(root: Bytes32) async throws -> PayoutFile? {
        try await parts.database.read { try PaymentRecord.fetch(root: root, in: $0)?.file }
    }
}
