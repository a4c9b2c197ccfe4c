import Overlay
import StorageModel
import TestSupport
import Testing

@Suite struct MarketSelectionTests {
    private let now = TestClock().now

    private func node(_ number: Int, net: String? = nil, freeDisk: Int64 = 1 << 42) -> NodeRecord {
        var id = [UInt8](repeating: 0, count: 32)
        id[0] = UInt8(truncatingIfNeeded: number >> 8)
        id[1] = UInt8(truncatingIfNeeded: number)
        id[2] = 1
        let text = "192.0.2.1:\(number)"
        let address = NodeAddress(reported: text, lastIPPort: text, lastNet: net ?? text)
        var record = NodeRecord(id: NodeID(id) ?? NodeID(), address: address, createdAt: now)
        record.freeDisk = freeDisk
        record.lastContactSuccess = now
        record.vettedAt = now
        return record
    }

    /// How often each node gets a piece in so many segments.
    private func pieces(
        _ count: Int, of nodes: [NodeRecord], offers: [NodeID: NodeOffer], segments: Int, priceCap: UInt64? = nil,
        settings: OverlaySettings = OverlaySettings(), score: @escaping (NodeID) -> Double? = { _ in nil }
    ) throws -> [NodeID: Int] {
        let candidates = UploadCandidates(nodes, settings: settings, now: now, offers: offers, priceCap: priceCap)
        var pieces: [NodeID: Int] = [:]
        for segment in 0..<segments {
            var selection = NodeSelection(
                candidates: candidates, settings: settings, excluded: [], usedPlaces: [],
                random: .seeded(UInt64(segment) + 1), score: score)
            for chosen in try selection.select(count) { pieces[chosen.id, default: 0] += 1 }
        }
        return pieces
    }

    @Test func `of two hundred nodes those at half the price get twice the pieces`() throws {
        let nodes = (0..<200).map { node($0) }
        let offers = Dictionary(
            uniqueKeysWithValues: nodes.enumerated().map { index, node in
                (node.id, NodeOffer(price: index < 100 ? 1_000_000 : 2_000_000))
            })
        let pieces = try pieces(10, of: nodes, offers: offers, segments: 2000)
        let cheap = nodes.prefix(100).reduce(0) { $0 + pieces[$1.id, default: 0] }
        let dear = nodes.suffix(100).reduce(0) { $0 + pieces[$1.id, default: 0] }
        #expect(cheap + dear == 20_000)
        let ratio = Double(cheap) / Double(dear)
        #expect((1.8...2.2).contains(ratio), "twice the pieces at half the price, seen \(ratio)")
    }

    @Test func `failed proofs, a bad record and little space cost a node its share`() throws {
        let nodes = (0..<100).map { node($0, freeDisk: $0 < 25 ? 250_000_000_000 : 1 << 42) }
        let offers = Dictionary(
            uniqueKeysWithValues: nodes.enumerated().map { index, node in
                (node.id, NodeOffer(price: 1_500_000, standing: (25..<50).contains(index) ? 0.5 : 1))
            })
        let slow = Set(nodes[50..<75].map(\.id))
        let pieces = try pieces(4, of: nodes, offers: offers, segments: 4000) { slow.contains($0) ? 0.5 : nil }
        func sum(_ range: Range<Int>) -> Double { Double(nodes[range].reduce(0) { $0 + pieces[$1.id, default: 0] }) }
        let good = sum(75..<100)
        // A quarter of the ample space gives half the weight, half the proofs and half the uploads a quarter.
        #expect((0.42...0.58).contains(sum(0..<25) / good), "space: \(sum(0..<25) / good)")
        #expect((0.19...0.31).contains(sum(25..<50) / good), "proofs: \(sum(25..<50) / good)")
        #expect((0.19...0.31).contains(sum(50..<75) / good), "uploads: \(sum(50..<75) / good)")
    }

    @Test func `a small network still fills every piece, the cheap nodes first`() throws {
        let nodes = (0..<10).map { node($0) }
        let offers = Dictionary(
            uniqueKeysWithValues: nodes.enumerated().map { index, node in
                (node.id, NodeOffer(price: index == 0 ? 500_000 : 2_000_000))
            })
        let all = try pieces(10, of: nodes, offers: offers, segments: 20)
        #expect(nodes.allSatisfy { all[$0.id] == 20 })
        let some = try pieces(4, of: nodes, offers: offers, segments: 1000)
        let cheap = some[nodes[0].id, default: 0]
        let mean = (4000 - cheap) / 9
        #expect(cheap > 2 * mean, "the cheap node got \(cheap), the others \(mean) each")
    }

    @Test func `nodes over the cap get nothing new, and the placement's cap counts in place of the general one`() throws {
        let nodes = (0..<30).map { node($0) }
        let offers = Dictionary(
            uniqueKeysWithValues: nodes.enumerated().map { index, node in
                (node.id, NodeOffer(price: index < 10 ? 3_000_000 : index < 20 ? nil : 1_000_000))
            })
        var settings = OverlaySettings()
        settings.market.priceCap = 2_000_000
        let capped = try pieces(5, of: nodes, offers: offers, segments: 200, settings: settings)
        #expect(nodes.prefix(20).allSatisfy { capped[$0.id] == nil })
        let placed = try pieces(5, of: nodes, offers: offers, segments: 400, priceCap: 4_000_000, settings: settings)
        #expect(nodes.prefix(10).contains { placed[$0.id] != nil })
        #expect(nodes[10..<20].allSatisfy { placed[$0.id] == nil })
        #expect(throws: OverlayError.notEnoughNodes(wanted: 11, found: 10)) {
            try pieces(11, of: nodes, offers: offers, segments: 1, settings: settings)
        }
    }

    @Test func `nodes without an offer count with the reference price, under the cap as well`() throws {
        let nodes = (0..<40).map { node($0) }
        var settings = OverlaySettings()
        let even = try pieces(4, of: nodes, offers: [nodes[0].id: NodeOffer(price: 1_500_000)], segments: 2000)
        #expect((120...280).contains(even[nodes[0].id, default: 0]), "an equal share is 200")
        settings.market.priceCap = 1_000_000
        let capped = try pieces(
            1, of: nodes, offers: [nodes[0].id: NodeOffer(price: 900_000)], segments: 20, settings: settings)
        #expect(capped == [nodes[0].id: 20])
    }

    @Test func `a place gets one piece and no more than its mean weight, however many nodes are in it`() throws {
        let nodes = (0..<100).map { node($0, net: $0 < 91 ? "crowd" : "net-\($0)") }
        let offers = Dictionary(uniqueKeysWithValues: nodes.map { ($0.id, NodeOffer(price: 1_000_000)) })
        let one = try pieces(1, of: nodes, offers: offers, segments: 2000)
        let crowd = nodes.prefix(91).reduce(0) { $0 + one[$1.id, default: 0] }
        #expect((120...290).contains(crowd), "one place of ten, seen \(crowd) times in 2000")
        let ten = try pieces(10, of: nodes, offers: offers, segments: 50)
        #expect(nodes.prefix(91).reduce(0) { $0 + ten[$1.id, default: 0] } == 50)
    }

    @Test func `numbers from outside cannot take all pieces, nor break the arithmetic`() {
        let weights = MarketWeights()
        let free = weights.weight(NodeOffer(price: 0, standing: 5), freeDisk: .max)
        let dear = weights.weight(NodeOffer(price: .max, standing: -1), freeDisk: -1)
        #expect(free <= 16 && free.isFinite)
        #expect(dear > 0)
        #expect(weights.weight(nil, freeDisk: weights.ampleSpace) == 1)
    }
}
