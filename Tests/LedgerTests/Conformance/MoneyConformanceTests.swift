import Contracts
import Ethereum
import Ledger
import StorageModel
import TestSupport
import Testing

@Suite struct MoneyConformanceTests {
    @Test(arguments: StageKind.allCases)
    func `the operator puts money in, owners move it and take it out`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let minted = try await stage.act(
                .mint(to: stage.other.address, TokenAmount(5)), by: stage.operatorSigner)
            #expect(minted == [stage.transfer(.zero, stage.other.address, 5)])
            #expect(
                try await stage.act(.transfer(to: stage.farmer.address, TokenAmount(7)), by: stage.payer)
                    == [stage.transfer(stage.payer.address, stage.farmer.address, 7)])
            #expect(
                try await stage.act(.burn(TokenAmount(2)), by: stage.other)
                    == [stage.transfer(stage.other.address, .zero, 2)])
            #expect(try await stage.units(stage.payer) == SettlementStage.startUnits - 7)
            #expect(try await stage.units(stage.farmer) == SettlementStage.startUnits + 7)
            #expect(try await stage.units(stage.other) == SettlementStage.startUnits + 3)
        }
    }

    @Test(arguments: StageKind.allCases)
    func `money nobody has is not moved, and only the operator makes it`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            await #expect(throws: SettlementError.notAllowed) {
                try await stage.act(.mint(to: stage.payer.address, TokenAmount(5)), by: stage.payer)
            }
            await #expect(throws: SettlementError.balanceTooLow) {
                try await stage.act(
                    .transfer(to: stage.farmer.address, TokenAmount(SettlementStage.startUnits + 1)), by: stage.payer)
            }
            await #expect(throws: SettlementError.balanceTooLow) {
                try await stage.act(.burn(TokenAmount(SettlementStage.startUnits + 1)), by: stage.payer)
            }
            let units = try await stage.units(stage.payer)
            #expect(units == SettlementStage.startUnits)
        }
    }

    @Test(arguments: StageKind.allCases)
    func `an operation submitted twice under one id is done once`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let id = OperationID(storage: UInt256(77).bytes32)
            let operation = SettlementOperation.transfer(to: stage.farmer.address, TokenAmount(10))
            for _ in 0..<3 {
                _ = try await stage.backend.perform(operation, by: stage.payer, id: id)
                #expect(try await stage.units(stage.payer) == SettlementStage.startUnits - 10)
            }
            #expect(try await stage.newEvents().count == 1)
            await #expect(throws: LedgerError.self) {
                _ = try await stage.backend.submit(
                    .transfer(to: stage.farmer.address, TokenAmount(11)), by: stage.payer, id: id)
            }
            // The name counts for its sender alone.
            _ = try await stage.backend.perform(operation, by: stage.other, id: id)
            #expect(try await stage.units(stage.other) == SettlementStage.startUnits - 10)
        }
    }

    @Test(arguments: StageKind.allCases)
    func `what became of an operation can be asked`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let id = OperationID(storage: UInt256(78).bytes32)
            #expect(try await stage.backend.status(of: id) == .unknown)
            #expect(try await stage.backend.transaction(of: id) == nil)
            let status = try await stage.backend.perform(
                .transfer(to: stage.farmer.address, TokenAmount(1)), by: stage.payer, id: id)
            #expect(status.isIncluded)
            let event = try #require(try await stage.newEvents().first)
            #expect(try await stage.backend.transaction(of: id) == event.place.transaction)
            #expect(event.place.index == 0)
            #expect(event.confirmations == 0)
            try await stage.mine(2)
            let page = try await stage.backend.events(after: nil, limit: 100)
            #expect(page.events.last?.place == event.place)
            #expect(page.events.last?.confirmations == 2)
        }
    }

    @Test(arguments: StageKind.allCases)
    func `events come in pages of any size, each once and in order`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let channels = (0..<3).map { stage.makeChannel($0) }
            try await stage.channel(.openMany(channels, TokenAmount(100)), by: stage.payer)
            for units in 1...3 as ClosedRange<UInt64> {
                try await stage.act(.transfer(to: stage.other.address, TokenAmount(units)), by: stage.payer)
            }
            let all = try await stage.backend.events(after: nil, limit: 1000).events
            #expect(all.count == 3 + 4 + 3)
            for limit in [1, 2, 3, 5] {
                var events: [PlacedEvent] = []
                var cursor: EventCursor?
                while true {
                    let page = try await stage.backend.events(after: cursor, limit: limit)
                    #expect(page.events.count <= limit)
                    if page.events.isEmpty { break }
                    events += page.events
                    cursor = page.next
                }
                #expect(events == all)
            }
        }
    }

    @Test(arguments: StageKind.allCases)
    func `operations of one sender at the same time are all done`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        _ = try await stage.backend.perform(
                            .transfer(to: stage.farmer.address, TokenAmount(3)), by: stage.payer)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await stage.units(stage.farmer) == SettlementStage.startUnits + 60)
        }
    }
}
