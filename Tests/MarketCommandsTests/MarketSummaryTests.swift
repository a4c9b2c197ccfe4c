import ClientCommands
import Contracts
import Ethereum
import Foundation
import MarketCommands
import StorageModel
import TestSupport
import Testing
import WireMessages


@Suite struct MarketSummaryTests {
    private let random = RandomSource.seeded(5)

    private func offer(_ storage: UInt64, _ denomination: PriceSheet.Denomination = .microUSD, takes: Bool = true) -> Market_Offer {
        let key = PrivateKey.generate(random: random)
        let node = NodeID(storage: Bytes32(words: [storage, 1, 2, 3]))
        let sheet = PriceSheet(
            farmer: key.address, node: node, denomination: denomination, storageTBMonth: storage, egressTB: storage,
            repairTB: 0, auditTB: 0, ingressTB: 0, validFrom: 0, validUntil: .max, sequence: 1)
        var offer = Market_Offer()
        offer.nodeID = Data(node.bytes)
        offer.priceSheet = Data(sheet.signed(by: key).encoded)
        offer.freeSpace = 1_000_000_000_000
        offer.held = 5
        offer.takesUploads = takes
        return offer
    }

    private func response(_ offers: [Market_Offer], quote: UInt64 = 0) -> Market_OffersResponse {
        var response = Market_OffersResponse()
        response.offers = offers
        response.totalShares = 80
        response.requiredShares = 29
        response.margin = 20_000
        response.quote = quote
        return response
    }

    @Test func `the median bid times the expansion and the margin is what a customer pays, rounded up`() throws {
        let market = try MarketReader.market(response([offer(1_000_000), offer(1_500_000), offer(9_000_000, takes: false)]))
        let summary = market.summary
        #expect(summary.storage.median == 1_500_000)
        #expect(summary.storage.lowest == 1_000_000)
        #expect(summary.storage.highest == 9_000_000)
        // 1.5 × 80 ÷ 29 = 4.137931…, ÷ 0.8 = 5.172415
        #expect(summary.storageCost.farmers == 4_137_932)
        #expect(summary.storageCost.customer == 5_172_415)
        #expect(summary.storageCost.satellite + summary.storageCost.farmers == summary.storageCost.customer)
        #expect(summary.egressCost.farmers == 1_500_000)
        #expect(summary.egressCost.customer == 1_875_000)
        #expect(summary.free == 2_000_000_000_000)
        #expect(summary.freeForCustomers == 725_000_000_000)
        #expect(MarketText.lines(market).contains { $0.contains("farmers 4.138, satellite 1.0345") })
    }

    @Test func `prices in STORJ are compared by the quote, and left out without one`() throws {
        let offers = [offer(1_000_000), offer(400_000_000, .storj)]
        let priced = try MarketReader.market(response(offers, quote: 250_000)).summary
        #expect(priced.storage.highest == 1_000_000)
        #expect(priced.withoutPrice == 0)
        let without = try MarketReader.market(response(offers)).summary
        #expect(without.withoutPrice == 1)
        #expect(without.bids.count == 1)
        #expect(throws: CommandFailure.self) { try MarketReader.market(response([])) }
    }

    @Test func `a sheet of another node, or none, is not taken`() {
        var wrong = offer(1)
        wrong.nodeID = Data(NodeID().bytes)
        #expect(throws: CommandFailure.self) { try MarketReader.market(response([wrong])) }
        wrong.priceSheet = Data([1, 2])
        #expect(throws: CommandFailure.self) { try MarketReader.market(response([wrong])) }
    }

    @Test func `numbers that make no market are refused`() {
        let bid = MarketSummary.Bid(storage: 1, egress: 1, free: 1, held: 1)
        #expect(MarketSummary([bid], withoutPrice: 0, totalShares: 8, requiredShares: 0, margin: 0) == nil)
        #expect(MarketSummary([bid], withoutPrice: 0, totalShares: 2, requiredShares: 4, margin: 0) == nil)
        #expect(MarketSummary([bid], withoutPrice: 0, totalShares: 8, requiredShares: 4, margin: 100_000) == nil)
        let most = MarketSummary.Bid(storage: .max, egress: .max, free: .max, held: .max)
        let market = MarketSummary([most, most], withoutPrice: 0, totalShares: .max, requiredShares: 1, margin: 99_999)
        #expect(market?.storageCost.customer == .max)
    }

    @Test func `the worked example names every step, and says whether it is a tenth`() throws {
        let market = try MarketReader.market(response([offer(1_500_000), offer(2_000_000), offer(2_500_000)]))
        let text = MarketText.explanation(market, clouds: CloudPrice.known, downloads: 100).joined(separator: "\n")
        #expect(text.contains("2.00 × 80 ÷ 29 = 5.5173 USD to farmers"))
        #expect(text.contains("a TB of yours is 2.75 TB at farmers"))
        #expect(text.contains("That is a tenth, or less, of the cheapest of them."))
        for cloud in CloudPrice.known { #expect(text.contains(cloud.source)) }
        let stored = MarketText.explanation(market, clouds: CloudPrice.known, downloads: 0).joined(separator: "\n")
        #expect(!stored.contains("a tenth, or less"))
        #expect(stored.contains("38.3 % of the cheapest of them"))
    }

    @Test func `price lists are read line by line, and a wrong line is named`() throws {
        let prices = try CloudPrice.parse("# ours\n\nShelf; 12.5; 40; shelf.example, 2026\n")
        #expect(prices == [CloudPrice(name: "Shelf", storage: 12_500_000, egress: 40_000_000, source: "shelf.example, 2026")])
        for text in ["a; 1; 2", "a; -1; 2; b", "; 1; 2; b", "a; x; 2; b", "a; 1; 2; "] {
            #expect(throws: CommandFailure.self) { try CloudPrice.parse(text) }
        }
    }
}
