import Database
import Heartbeats
import Identity
import Market
import PieceStore
import StorageModel
import TestSupport
import Testing

/// Heartbeats of real storage nodes.
@Suite struct RealNodeTests {
    @Test func `real nodes pass, and every sample rests on the uploader's signature`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let nodes = try await place.realNodes(3)
            for (index, size) in ([1, 1000, 16_000, 17_000, 300_000] as [Int64]).enumerated() {
                try await place.upload("object \(index)", to: nodes, size: size)
            }
            let market = try await place.market { $0.sampleCount = 80 }
            for _ in 0..<3 {
                try await market.runPeriod()
                let verdicts = try await place.checkedVerdicts(market)
                #expect(verdicts == Dictionary(uniqueKeysWithValues: nodes.map { ($0.id, .passed) }))
                #expect(try await market.status().nodes.allSatisfy { $0.uploaderCount == 80 && $0.signature != nil })
                place.clock.advance(by: .seconds(5))
            }
        }
    }

    @Test func `a node that loses power between its signature and the challenge passes`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let nodes = try await place.realNodes(2)
            for index in 0..<3 { try await place.upload("object \(index)", to: nodes) }
            let stopping = try await place.market(reached: { step in
                if step == .challenged { throw MarketTestError.crash(step) }
            })
            await #expect(throws: MarketTestError.self) { try await stopping.runPeriod() }
            for node in nodes { try await node.crash() }
            let market = try await place.market()
            try await market.advance()
            #expect(try await place.checkedVerdicts(market).values.allSatisfy { $0 == .passed })
        }
    }

    @Test func `pieces that went to the trash after the set was made are answered for, and stay there`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let nodes = try await place.realNodes(1)
            for index in 0..<3 { try await place.upload("object \(index)", to: nodes) }
            let stopping = try await place.market(reached: { step in
                if step == .challenged { throw MarketTestError.crash(step) }
            })
            await #expect(throws: MarketTestError.self) { try await stopping.runPeriod() }
            let empty = BloomFilter(seed: 1, expectedCount: 1, falsePositiveRate: 0.1, maximumSize: 1000)
            place.clock.advance(by: .seconds(3600))
            let store = try nodes[0].store
            _ = try await store.retain(
                satellite: place.satellite.id, filter: empty, createdBefore: place.clock.now)
            #expect(store.usage(of: place.satellite.id).trashPieces == 3)
            let market = try await place.market()
            try await market.advance()
            #expect(try await place.checkedVerdicts(market) == [nodes[0].id: .passed])
            #expect(store.usage(of: place.satellite.id).trashPieces == 3)
        }
    }

    @Test func `a real node that has dropped most of its pieces fails, the others pass`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let nodes = try await place.realNodes(3)
            var ids: [PieceID] = []
            for index in 0..<4 { ids.append(try await place.upload("object \(index)", to: nodes)[0]) }
            _ = try await nodes[0].store.discard(satellite: place.satellite.id, pieces: Array(ids.prefix(3)))
            let market = try await place.market()
            try await market.runPeriod()
            let verdicts = try await place.checkedVerdicts(market)
            guard case .failed = verdicts[nodes[0].id] else {
                Issue.record("\(String(describing: verdicts[nodes[0].id]))")
                return
            }
            #expect(verdicts[nodes[1].id] == .passed)
            #expect(verdicts[nodes[2].id] == .passed)
        }
    }

    @Test func `a node refuses a secret that is not the one it agreed to`() async throws {
        try await withTemporaryFolder { folder in
            let place = try await Marketplace(folder: folder)
            let nodes = try await place.realNodes(1)
            try await place.upload("object", to: nodes)
            let stopping = try await place.market(reached: { step in
                if step == .challenged { throw MarketTestError.crash(step) }
            })
            await #expect(throws: MarketTestError.self) { try await stopping.runPeriod() }
            // A satellite that wants other samples changes its secret after the node has signed.
            try await place.database.write { session in
                try session.execute("UPDATE heartbeat_periods SET secret = ?1", [.blob([UInt8](repeating: 9, count: 32))])
            }
            let market = try await place.market()
            try await market.advance()
            let node = try #require(try await market.status().nodes.first)
            #expect(node.verdict == .pending)
            #expect(node.lastError?.contains("secret") == true)
        }
    }
}
