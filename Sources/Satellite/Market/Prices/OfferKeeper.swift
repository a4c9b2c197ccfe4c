import Contracts
import DRPC
import Database
import Ethereum
import Foundation
import Ledger
import Logging
import Overlay
import StorageModel
import Synchronization
import Upkeep
import WireMessages

/// Hands prices and standings to the choice of nodes, and the market as it is to anyone.
final class OfferKeeper: Sendable {
    private let parts: UpkeepParts
    private let settings: PaymentSettings
    private let payment: PaymentParts
    /// The last price of STORJ that was known: sheets in STORJ are ranked by it until there is a newer one. Nothing is
    /// paid by it.
    private let lastQuote = Mutex<Quote?>(nil)

    init(parts: UpkeepParts, settings: PaymentSettings, payment: PaymentParts) {
        self.parts = parts
        self.settings = settings
        self.payment = payment
    }

    func register(in router: inout RPCRouter) {
        router.unary(MarketMethods.offers) { _, _ in try await self.offers() }
    }

    /// Tells the overlay what nodes ask now, and how they have proven themselves.
    func refresh() async throws {
        let quote = await quote()
        let now = UInt64(clamping: parts.clock.now().seconds)
        let (sheets, standings) = try await read(at: now)
        var offers: [NodeID: NodeOffer] = [:]
        for node in Set(sheets.keys).union(standings.keys) {
            let price = sheets[node].map { self.price(of: $0.signed.sheet, quote: quote) } ?? defaultPrice
            offers[node] = NodeOffer(price: price, standing: standings[node] ?? 1)
        }
        parts.overlay.setOffers(offers)
    }

    /// The same for one node that has named its price.
    func refresh(_ node: NodeID) async throws {
        let quote = await quote()
        let now = UInt64(clamping: parts.clock.now().seconds)
        let sheet = try await parts.database.read { try SheetBook.fetch(node, in: $0).inForce(at: now) }
        let price = sheet.map { self.price(of: $0.signed.sheet, quote: quote) } ?? defaultPrice
        let standing = parts.overlay.offers()?[node]?.standing ?? 1
        parts.overlay.setOffer(NodeOffer(price: price, standing: standing), of: node)
    }

    /// What a farmer would earn in a month with what it holds now; nodes that hold nothing are not in it.
    func expectedPay() async throws -> [NodeID: TokenAmount] {
        let quote = await quote()
        let now = UInt64(clamping: parts.clock.now().seconds)
        let sheets = try await read(at: now).sheets
        let held = try await parts.database.read { session in
            try session.query(
                """
                SELECT node, bytes FROM heartbeat_nodes WHERE period = (
                    SELECT max(number) FROM heartbeat_periods WHERE state >= ?1)
                """, [SQLValue(PeriodRecord.State.committing.rawValue)]
            ) { (try $0.id(0, as: NodeID.self), UInt64(clamping: $0.integer(1))) }
        }
        var expected: [NodeID: TokenAmount] = [:]
        for (node, bytes) in held {
            let sheet = sheets[node]?.signed.sheet
            guard let pay = Pay(sheet?.denomination ?? .microUSD, quote: quote) else { continue }
            let traffic = bytes / 100 * settings.trafficPercent
            let storage = pay.earned(
                .storage, price: sheet?.storageTBMonth ?? settings.nodePrices.storageTBMonth, bytes: bytes,
                seconds: settings.depositSeconds)
            let egress = pay.earned(
                .egress, price: sheet?.egressTB ?? settings.nodePrices.egressTB, bytes: traffic, seconds: 0)
            guard let storage, let egress, let sum = storage.adding(egress) else { continue }
            expected[node] = sum
        }
        return expected
    }

    // MARK: Prices

    private var defaultPrice: UInt64 {
        combined(settings.nodePrices.storageTBMonth, settings.nodePrices.egressTB) ?? .max
    }

    /// Storage of a month with its usual traffic, in the prices' units.
    private func combined(_ storage: UInt64, _ egress: UInt64) -> UInt64? {
        let (traffic, first) = egress.multipliedReportingOverflow(by: settings.trafficPercent)
        let (sum, second) = storage.addingReportingOverflow(traffic / 100)
        return first || second ? nil : sum
    }

    /// A sheet's price in micro-dollars; nil when nobody knows what STORJ costs.
    private func price(of sheet: PriceSheet, quote: Quote?) -> UInt64? {
        guard let price = combined(sheet.storageTBMonth, sheet.egressTB) else { return .max }
        guard sheet.denomination == .storj else { return price }
        return quote?.usd(for: TokenAmount(price)).map { UInt64(clamping: $0.micro) }
    }

    private func quote() async -> Quote? {
        let now = UInt64(clamping: parts.clock.now().seconds)
        // Ranking goes on with the last price while the source is down.
        let fresh = try? await payment.quotes.quote(at: now)
        return lastQuote.withLock { last in
            if let fresh = fresh ?? nil { last = fresh }
            return last
        }
    }

    private func read(at now: UInt64) async throws -> (sheets: [NodeID: KnownSheet], standings: [NodeID: Double]) {
        let count = settings.standingPeriods
        return try await parts.database.read { session in
            var books: [NodeID: [KnownSheet]] = [:]
            try session.each("SELECT node, sheet, counts_from FROM market_price_sheets") { row in
                let sheet = KnownSheet(
                    signed: try SignedPriceSheet(stored: row.blob(1)), countsFrom: UInt64(clamping: row.integer(2)))
                books[try row.id(0, as: NodeID.self), default: []].append(sheet)
                return true
            }
            var standings: [NodeID: Double] = [:]
            try session.each(
                """
                SELECT node, sum(CASE WHEN verdict = 0 THEN 1 ELSE 0 END), count(*) FROM heartbeat_nodes
                WHERE is_covered = 1 AND verdict <= 2 AND period IN (
                    SELECT number FROM heartbeat_periods WHERE state = ?1 ORDER BY number DESC LIMIT ?2)
                GROUP BY node
                """, [SQLValue(PeriodRecord.State.published.rawValue), SQLValue(count)]
            ) { row in
                let decided = row.int(2)
                if decided > 0 { standings[try row.id(0, as: NodeID.self)] = Double(row.int(1)) / Double(decided) }
                return true
            }
            return (books.compactMapValues { SheetBook($0).inForce(at: now) }, standings)
        }
    }

    // MARK: For anyone

    private func offers() async throws -> Market_OffersResponse {
        let now = UInt64(clamping: parts.clock.now().seconds)
        let sheets = try await read(at: now).sheets
        let held = try await parts.database.read { session in
            try session.query(
                """
                SELECT node, bytes + unprovable_bytes FROM heartbeat_nodes WHERE period = (
                    SELECT max(number) FROM heartbeat_periods WHERE state >= ?1)
                """, [SQLValue(PeriodRecord.State.committing.rawValue)]
            ) { (try $0.id(0, as: NodeID.self), $0.integer(1)) }
        }
        let heldByNode = Dictionary(held, uniquingKeysWith: { first, _ in first })
        var response = Market_OffersResponse()
        response.offers = parts.overlay.nodes().filter(\.servesDownloads).map { node in
            var offer = Market_Offer()
            offer.nodeID = Data(node.id.bytes)
            offer.priceSheet = Data(sheets[node.id]?.signed.encoded ?? [])
            offer.freeSpace = node.freeDisk
            offer.held = heldByNode[node.id] ?? 0
            offer.takesUploads = node.acceptsUploads && parts.overlay.isOnline(node)
            offer.country = node.countryCode
            return offer
        }
        response.totalShares = settings.totalShares
        response.requiredShares = settings.requiredShares
        response.margin = settings.fee
        if let quote = await quote() {
            response.quote = quote.microUSD
            response.quoteTime = quote.time
        }
        return response
    }
}
