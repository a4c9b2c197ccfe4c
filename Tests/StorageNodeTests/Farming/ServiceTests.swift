import Identity
import Contracts
import Database
import Ethereum
import Foundation
import Heartbeats
import Ledger
import StorageModel
import StorageNode
import TestSupport
import Synchronization
import Testing
import WireMessages

/// What a node does for satellites by how they stand.
@Suite struct ServiceTests {
    private func farming() throws -> FarmingParts {
        FarmingParts(
            keys: FarmerKeys(walletKey: .generate(random: .seeded(1)), hotKey: .generate(random: .seeded(2))),
            backend: TestLedger(clock: TestClock()), quotes: TestQuotes(), database: try Database.open(.memory))
    }

    @Test func `a satellite that does not say that it accepts STORJ gets nothing stored, and is served`() async throws {
        try await EndpointFixture.run(farming: try farming()) { fixture in
            let farmer = try #require(fixture.farmer)
            let piece = PieceID.random(using: fixture.random)
            let content = fixture.random.bytes(count: 5000)
            try await fixture.upload(content, piece: piece)
            // The satellite of this fixture knows nothing of money.
            try await Registrations(farmer).work()
            #expect(farmer.standing(of: fixture.satellite.id).name == "refused")
            let refused = try await status {
                try await fixture.upload(content, piece: PieceID.random(using: fixture.random))
            }
            #expect(refused == .unavailable)
            #expect(try await fixture.download(piece: piece, size: 5000).content == content)
        }
    }

    @Test func `who does not pay for three periods gets nothing for customers, and everything for audits and repairs`()
        async throws
    {
        try await EndpointFixture.run(farming: try farming()) { fixture in
            let farmer = try #require(fixture.farmer)
            let piece = PieceID.random(using: fixture.random)
            let content = fixture.random.bytes(count: 5000)
            try await fixture.upload(content, piece: piece)
            for number in 1...4 {
                let start = fixture.clock.now
                fixture.clock.advance(by: .seconds(3600))
                let period = HeartbeatPeriod(
                    satellite: fixture.satellite.id, number: UInt64(number), start: start, end: fixture.clock.now,
                    asOf: start, secretHash: Bytes32())
                try await farmer.book.note(
                    HeartbeatCommitment(
                        period: period, node: fixture.node.id, agreement: Bytes32(), sampleCount: 1,
                        holding: HeartbeatHolding(
                            root: SumNode(hash: Bytes32(), sum: 5), pieceCount: 1, byteCount: 5000)))
                try await farmer.book.noteAnswer(satellite: fixture.satellite.id, period: UInt64(number), at: start)
            }
            fixture.clock.advance(by: .seconds(1))
            try await farmer.refreshStandings()
            #expect(farmer.standing(of: fixture.satellite.id).name == "draining")
            let refused = try await status { _ = try await fixture.download(piece: piece, size: 5000) }
            #expect(refused == .unavailable)
            for action in [PieceAction.getAudit, .getRepair] {
                #expect(try await fixture.download(piece: piece, size: 5000, action: action).content == content)
            }
        }
    }

    @Test func `prices are exported as facts the node signs about itself`() async throws {
        try await FarmTown.run { town in
            let prices = FarmerPrices(
                denomination: .storj, storage: 600_000_000, egress: 800_000_000, repair: 0, audit: 1)
            _ = try await town.farm.farmer.setPrices(prices)
            // The rise waits for its notice: what is exported is what holds.
            try await expect(town, ["1.5", "2", "2", "2"])
            town.clock.advance(by: .seconds(30 * 86400))
            try await expect(town, ["1.5", "2", "0", "0"])
            // Nobody knows what STORJ costs: then nothing is said.
            town.quotes.price.withLock { $0 = nil }
            #expect(await PriceTags.signed(town.farm.farmer).tags.isEmpty)
        }
    }

    private func expect(_ town: FarmTown, _ values: [String]) async throws {
        let signed = try #require(await PriceTags.signed(town.farm.farmer).tags.first)
        #expect(Array(signed.signerNodeID) == town.node.id.bytes)
        #expect(town.node.peer.isValidSignature(Array(signed.signature), for: Array(signed.serializedTag)))
        let set = try Node_NodeTagSet.parse(Array(signed.serializedTag))
        #expect(Array(set.nodeID) == town.node.id.bytes)
        #expect(set.tags.map(\.name) == ["storage_price", "egress_price", "repair_price", "audit_price"])
        #expect(set.tags.map { String(decoding: $0.value, as: UTF8.self) } == values)
    }
}
