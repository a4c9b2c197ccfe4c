import Chores
package import Contracts
package import DRPC
import Ethereum
package import Identity
package import Ledger
package import Logging
package import StorageModel
import Synchronization

/// Everything of a node that has to do with money: what it asks, who pays, what is due, what was claimed.
///
/// The rules are in the parts: `Registrations`, `StatementCheck`, `VoucherCheck`, `ClaimPolicy`. Here they meet.
package final class Farmer: Sendable {
    /// What a farmer works with.
    package struct Parts: Sendable {
        /// Who the node is.
        let identity: NodeIdentity
        /// Keys, ledger, prices of STORJ.
        let farming: FarmingParts
        /// What the farmer chose.
        let settings: FarmingSettings
        /// Whom the node works for.
        let trust: TrustList
        /// How satellites are reached.
        let dialer: any RPCDialer
        /// The node's clock.
        let clock: WallClock
        /// The log.
        let logger: Logger
        /// Satellites that the node leaves or has left.
        let leaving: @Sendable () -> Set<NodeID>

        /// All parts.
        package init(
            identity: NodeIdentity, farming: FarmingParts, settings: FarmingSettings, trust: TrustList,
            dialer: any RPCDialer, clock: WallClock, logger: Logger,
            leaving: @escaping @Sendable () -> Set<NodeID> = { [] }
        ) {
            self.identity = identity
            self.farming = farming
            self.settings = settings
            self.trust = trust
            self.dialer = dialer
            self.clock = clock
            self.logger = logger
            self.leaving = leaving
        }
    }

    let parts: Parts
    /// All that is known, on the disk.
    package let book: FarmBook
    private let state: Mutex<State>

    private struct State {
        var sheets: [SignedPriceSheet]
        var standings: [NodeID: PayerStanding] = [:]
        var pricesChanged: [@Sendable () -> Void] = []
    }

    /// Opens the farmer's book and sees to it that there is a price sheet.
    ///
    /// - Throws: `DatabaseError`.
    package static func open(_ parts: Parts) async throws -> Farmer {
        let book = try await FarmBook.open(parts.farming.database)
        let farmer = Farmer(parts, book, sheets: try await book.sheets())
        // The time without a view of the ledger counts from the first start on.
        if try await book.viewedAt() == nil { try await book.noteView(at: parts.clock.now()) }
        try await farmer.renewSheet()
        try await farmer.refreshStandings()
        return farmer
    }

    private init(_ parts: Parts, _ book: FarmBook, sheets: [SignedPriceSheet]) {
        self.parts = parts
        self.book = book
        state = Mutex(State(sheets: sheets))
    }

    /// The keys.
    package var keys: FarmerKeys { parts.farming.keys }
    /// Where the money is.
    package var backend: any SettlementBackend { parts.farming.backend }
    /// What STORJ costs.
    package var quotes: any QuoteSource { parts.farming.quotes }
    /// Where signatures count.
    package var domains: SettlementDomains { backend.description.domains }
    /// What the farmer chose.
    package var settings: FarmingSettings { parts.settings }
    /// Now, in seconds since 1970.
    package var seconds: UInt64 { UInt64(clamping: parts.clock.now().seconds) }

    // MARK: Sheets

    /// The newest sheet; a rise in it may not hold yet.
    package var sheet: SignedPriceSheet? { state.withLock { $0.sheets.first } }

    /// The newest sheet that holds at a moment, seconds since 1970; nil when none does.
    package func sheet(at moment: UInt64) -> SignedPriceSheet? {
        state.withLock { $0.sheets.first { $0.sheet.validFrom <= moment && moment < $0.sheet.validUntil } }
    }

    /// Makes something be called whenever there is a new sheet.
    package func whenPricesChange(_ call: @escaping @Sendable () -> Void) {
        state.withLock { $0.pricesChanged.append(call) }
    }

    func add(_ sheet: SignedPriceSheet) {
        let calls = state.withLock { state in
            state.sheets.insert(sheet, at: 0)
            return state.pricesChanged
        }
        for call in calls { call() }
    }

    // MARK: Standings

    /// How a satellite stands with the farmer; unknown ones are waited for.
    package func standing(of satellite: NodeID) -> PayerStanding { state.withLock { $0.standings[satellite] ?? .active } }

    func set(_ standing: PayerStanding, of satellite: NodeID) {
        let old = state.withLock { state in
            defer { state.standings[satellite] = standing }
            return state.standings[satellite] ?? .active
        }
        guard old != standing else { return }
        parts.logger.notice(
            "a satellite's standing has changed", metadata: ["satellite": "\(satellite)", "standing": "\(standing)"])
        for call in state.withLock({ $0.pricesChanged }) { call() }
    }

    /// Whether the node is leaving a satellite, so that everything is claimed.
    func isLeaving(_ satellite: NodeID) -> Bool { parts.leaving().contains(satellite) }
}
