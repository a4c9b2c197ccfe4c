import ClientCommands
import Contracts
import DRPC
import Ethereum
import StorageModel
package import WireMessages

/// Asks a satellite for its market and believes no sheet that does not read.
package enum MarketReader {
    /// A market, and the price of a token that made it comparable.
    package struct Market: Sendable {
        package let summary: MarketSummary
        /// Micro-dollars of one STORJ; nil without a price.
        let quote: UInt64?
        let quoteTime: UInt64
        /// Nodes that offer.
        let count: Int
    }

    /// The market of a satellite.
    ///
    /// - Throws: `CommandFailure` when there is none.
    static func read(_ connection: any RPCConnection) async throws -> Market {
        try market(try await connection.call(MarketMethods.offers, Market_OffersRequest()))
    }

    /// The market in an answer.
    ///
    /// - Throws: `CommandFailure` when it is none.
    package static func market(_ response: Market_OffersResponse) throws -> Market {
        let quote = response.quote > 0
            ? Quote(microUSD: response.quote, time: response.quoteTime, source: Quote.label("satellite")) : nil
        var bids: [MarketSummary.Bid] = []
        var withoutPrice = 0
        for offer in response.offers {
            let sheet: PriceSheet
            do { sheet = try SignedPriceSheet(encoded: Array(offer.priceSheet)).sheet } catch {
                throw CommandFailure(.failure, "the satellite hands out a price sheet that is none: \(error)")
            }
            guard Array(offer.nodeID) == sheet.node.bytes else {
                throw CommandFailure(.failure, "the satellite hands out the price sheet of another node")
            }
            guard let storage = usd(sheet.storageTBMonth, sheet, quote), let egress = usd(sheet.egressTB, sheet, quote) else {
                withoutPrice += 1
                continue
            }
            bids.append(
                MarketSummary.Bid(
                    storage: storage, egress: egress, free: offer.takesUploads ? UInt64(clamping: offer.freeSpace) : 0,
                    held: UInt64(clamping: offer.held)))
        }
        guard let summary = MarketSummary(
            bids, withoutPrice: withoutPrice, totalShares: response.totalShares, requiredShares: response.requiredShares,
            margin: response.margin)
        else {
            throw CommandFailure(
                .notFound,
                withoutPrice > 0
                    ? "all prices are in STORJ, and the satellite has no price of it"
                    : "no farmer has named a price at this satellite yet")
        }
        return Market(
            summary: summary, quote: quote?.microUSD, quoteTime: response.quoteTime, count: response.offers.count)
    }

    /// Micro-dollars; nil for STORJ without a price.
    private static func usd(_ price: UInt64, _ sheet: PriceSheet, _ quote: Quote?) -> UInt64? {
        switch sheet.denomination {
        case .microUSD: price
        case .storj: quote?.usd(for: TokenAmount(price)).map { UInt64(clamping: $0.micro) }
        }
    }
}
