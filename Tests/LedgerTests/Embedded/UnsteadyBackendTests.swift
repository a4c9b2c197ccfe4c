import Contracts
import Ethereum
import Ledger
import StorageModel
import TestSupport
import Testing

/// A reader that counts what it is paid, as everybody must who follows a chain.
private struct Reader {
    private var cursor: EventCursor?
    private(set) var events: [EventPlace: PlacedEvent] = [:]

    mutating func follow(_ backend: any SettlementBackend, limit: Int = 2) async throws {
        while true {
            let page = try await backend.events(after: cursor, limit: limit)
            for place in page.retracted {
                try #require(events.removeValue(forKey: place) != nil, "only what was seen is taken back")
            }
            for event in page.events {
                try #require(events.updateValue(event, forKey: event.place) == nil, "nothing comes twice")
            }
            if page.next == cursor { return }
            cursor = page.next
        }
    }

    func received(by owner: Address) -> UInt64 {
        events.values.reduce(0) { sum, placed in
            guard case .transferred(_, owner, let amount) = placed.event else { return sum }
            return sum + amount.units
        }
    }
}

@Suite struct UnsteadyBackendTests {
    @Test func `an event that vanishes and comes back at another height is counted once`() async throws {
        try await StageKind.embedded.withStage { stage in
            let backend = UnsteadyBackend(stage.backend, confirmations: 3)
            let farmer = stage.farmer.address
            var reader = Reader()
            try await stage.act(.transfer(to: farmer, TokenAmount(7)), by: stage.payer)
            try await reader.follow(backend)
            #expect(reader.received(by: farmer) == SettlementStage.startUnits + 7)
            let before = try #require(
                reader.events.values.first { $0.event == stage.transfer(stage.payer.address, farmer, 7) })

            #expect(try await backend.retract(1) == [before.place])
            try await reader.follow(backend)
            #expect(reader.received(by: farmer) == SettlementStage.startUnits)

            try await backend.include()
            try await reader.follow(backend)
            #expect(reader.received(by: farmer) == SettlementStage.startUnits + 7)
            let after = try #require(reader.events.values.first { $0.event == before.event })
            #expect(after.place != before.place)
            #expect(after.place.height > before.place.height)
            #expect(after.place.transaction == before.place.transaction)

            // Whoever reads for the first time sees it once, too.
            var newcomer = Reader()
            try await newcomer.follow(backend, limit: 100)
            #expect(newcomer.received(by: farmer) == SettlementStage.startUnits + 7)
        }
    }

    @Test func `events that are held back come later, and confirmations are waited for`() async throws {
        try await StageKind.embedded.withStage { stage in
            let backend = UnsteadyBackend(stage.backend, confirmations: 2)
            var reader = Reader()
            try await reader.follow(backend)
            backend.hold()
            let id = OperationID(storage: UInt256(5).bytes32)
            _ = try await backend.submit(.transfer(to: stage.farmer.address, TokenAmount(9)), by: stage.payer, id: id)
            try await reader.follow(backend)
            #expect(reader.received(by: stage.farmer.address) == SettlementStage.startUnits)
            #expect(try await backend.status(of: id) == .broadcast)
            try await backend.include()
            try await reader.follow(backend)
            #expect(reader.received(by: stage.farmer.address) == SettlementStage.startUnits + 9)
            guard case .included(let height) = try await backend.status(of: id) else {
                Issue.record("the operation is in a block that may vanish")
                return
            }
            backend.mine(2)
            #expect(try await backend.status(of: id) == .final(height: height))
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `whatever vanishes and returns, a reader ends with what the ledger says`(seed: UInt64) async throws {
        try await StageKind.embedded.withStage { stage in
            let backend = UnsteadyBackend(stage.backend)
            var random = RandomSource.seeded(seed)
            var reader = Reader()
            for _ in 0..<40 {
                switch Int.random(in: 0..<6, using: &random) {
                case 0: backend.hold()
                case 1: try await backend.include()
                case 2: try await backend.retract(Int.random(in: 1...4, using: &random))
                case 3: try await reader.follow(backend, limit: Int.random(in: 1...5, using: &random))
                default: try await stage.act(.transfer(to: stage.farmer.address, TokenAmount(1)), by: stage.payer)
                }
            }
            try await backend.include()
            try await reader.follow(backend)
            #expect(reader.received(by: stage.farmer.address) == (try await stage.units(stage.farmer)))
        }
    }
}
