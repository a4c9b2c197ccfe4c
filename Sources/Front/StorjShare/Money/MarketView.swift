import Chores
import Contracts
import DRPC
import Ethereum
import Logging
import StorageModel
import StorageNode
import Synchronization
import WireMessages

/// What others ask, as the satellites hand it out: every sheet is read anew, and those that do not read are left out.
struct MarketPrices: Sendable {
    /// A node's price of storage and of downloads, micro-dollars for 10¹² bytes.
    struct Bid: Sendable {
        let storage: UInt64
        let egress: UInt64
    }

    /// Offers of one satellite that are read.
    private static let maximumOffers = 50_000

    var bids: [NodeID: Bid] = [:]
    /// Micro-dollars of one STORJ, by the satellite's word; nil for none.
    var quote: UInt64?

    /// Adds what a satellite hands out, without this node's own.
    mutating func add(_ response: Market_OffersResponse, except own: NodeID) {
        let quote =
            response.quote > 0
            ? Quote(microUSD: response.quote, time: response.quoteTime, source: Quote.label("satellite")) : nil
        self.quote = self.quote ?? quote?.microUSD
        for offer in response.offers.prefix(Self.maximumOffers) {
            guard let sheet = try? SignedPriceSheet(encoded: Array(offer.priceSheet)).sheet,
                Array(offer.nodeID) == sheet.node.bytes, sheet.node != own,
                let storage = Self.usd(sheet.storageTBMonth, sheet, quote), let egress = Self.usd(sheet.egressTB, sheet, quote)
            else { continue }
            bids[sheet.node] = Bid(storage: storage, egress: egress)
        }
    }

    /// Micro-dollars; nil for STORJ without a price.
    static func usd(_ price: UInt64, _ sheet: PriceSheet, _ quote: Quote?) -> UInt64? {
        switch sheet.denomination {
        case .microUSD: price
        case .storj: quote?.usd(for: TokenAmount(price)).map { UInt64(clamping: $0.micro) }
        }
    }
}

/// Asks satellites for their markets, at most once a minute.
final class MarketDesk: Sendable {
    /// How long an answer is good for.
    private static let lifetime = Duration.seconds(60)
    /// How long all satellites together may take: the page waits for them.
    private static let patience = Duration.seconds(3)

    private let node: StorageNode
    private let dialer: any RPCDialer
    private let clock: WallClock
    private let sleeper: Sleeper
    private let logger: Logger
    private let last = Mutex<(at: Timestamp, prices: MarketPrices)?>(nil)

    init(node: StorageNode, dialer: any RPCDialer, clock: WallClock, sleeper: Sleeper, logger: Logger) {
        self.node = node
        self.dialer = dialer
        self.clock = clock
        self.sleeper = sleeper
        self.logger = logger
    }

    /// The market as it is now, or was a minute ago; without those that do not answer in time.
    func prices() async -> MarketPrices {
        let now = clock.now()
        if let last = last.withLock({ $0 }), now.duration(since: last.at) < Self.lifetime { return last.prices }
        let satellites = await node.status().satellites.filter(\.isActive).map {
            NodeURL(id: $0.contact.satellite, address: $0.contact.address)
        }
        let prices = await read(satellites)
        last.withLock { $0 = (now, prices) }
        return prices
    }

    private func read(_ satellites: [NodeURL]) async -> MarketPrices {
        await withTaskGroup(of: Market_OffersResponse?.self) { group in
            for satellite in satellites { group.addTask { await self.ask(satellite) } }
            var prices = MarketPrices()
            while let answer = await group.next() {
                if let answer { prices.add(answer, except: node.id) }
            }
            return prices
        }
    }

    private func ask(_ satellite: NodeURL) async -> Market_OffersResponse? {
        await withTaskGroup(of: Market_OffersResponse?.self) { group in
            group.addTask { [dialer, logger] in
                do {
                    return try await dialer.connect(to: satellite).call(MarketMethods.offers, Market_OffersRequest())
                } catch {
                    logger.debug(
                        "a satellite does not tell its market",
                        metadata: ["satellite": "\(satellite.id)", "error": "\(error)"])
                    return nil
                }
            }
            group.addTask { [sleeper] in
                // A cut sleep means that the answer has come.
                try? await sleeper.sleep(Self.patience)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
