import Metabase
import Overlay
import StorageModel
import TestSupport
import Testing

import Upkeep

@Suite struct RepairPlanTests {
    private let random = RandomSource.seeded(3)
    private let scheme = RedundancyScheme.development

    private func plan(_ states: [Int: PieceState], repair: Int = 6, optimal: Int = 8) -> RepairPlan {
        let pieces = states.sorted { $0.key < $1.key }.map { number, state in
            (piece: SegmentPiece(number: number, node: NodeID.random(using: random), hash: nil), state: state)
        }
        return RepairPlan(pieces, threshold: RepairThreshold(scheme, repair: repair, optimal: optimal))
    }

    private func new(_ numbers: [Int]) -> [SegmentPiece] {
        numbers.map { SegmentPiece(number: $0, node: NodeID.random(using: random), hash: nil) }
    }

    private func healthy(_ count: Int) -> [Int: PieceState] {
        Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, .healthy) })
    }

    @Test func `repair begins at the threshold, not above it`() {
        #expect(plan(healthy(6)).needsPieces && !plan(healthy(7)).needsPieces)
        #expect(plan(healthy(4)).goal == 4 && plan(healthy(4)).offerCount(excess: 1.05) == 5)
    }

    @Test func `a threshold at or above the optimum does not repair what is whole`() {
        #expect(!plan(healthy(8), repair: 9, optimal: 8).needsPieces)
        #expect(plan(healthy(7), repair: 9, optimal: 8).needsPieces)
    }

    @Test func `impossible thresholds are brought into their bounds`() {
        let low = RepairThreshold(scheme, repair: 0, optimal: 1)
        #expect(low.repair == 4 && low.optimal == 4)
        let high = RepairThreshold(scheme, repair: 100, optimal: 100)
        #expect(high.repair == 10 && high.optimal == 10)
    }

    @Test func `no more is offered than the scheme has numbers`() {
        #expect(plan(healthy(6), optimal: 10).offerCount(excess: 2) == 4)
        #expect(plan(healthy(10)).offerCount(excess: 1.05) == 0)
    }

    @Test func `numbers nobody has come first, readable pieces' numbers last`() {
        let plan = plan([0: .healthy, 1: .suspended, 2: .offline, 3: .lost, 4: .clumped, 5: .exiting, 6: .outOfPlacement])
        #expect(plan.freeNumbers == [7, 8, 9, 3, 2, 1, 4, 5, 6])
    }

    @Test func `what can be read decides whether it can be restored`() {
        #expect(!plan([0: .suspended, 1: .clumped, 2: .exiting, 3: .outOfPlacement]).isIrreparable)
        #expect(plan([0: .healthy, 1: .healthy, 2: .healthy, 3: .offline, 4: .lost]).isIrreparable)
    }

    @Test func `when the segment is whole everything unhealthy goes`() {
        let plan = plan([0: .healthy, 1: .healthy, 2: .healthy, 3: .healthy, 4: .offline, 5: .clumped, 6: .lost, 7: .outOfPlacement])
        let result = plan.result(storing: new([8, 9, 6, 4]))
        #expect(result.map(\.number) == [0, 1, 2, 3, 4, 6, 8, 9])
    }

    @Test func `above the threshold only pieces out of placement go`() {
        let plan = plan([0: .healthy, 1: .healthy, 2: .healthy, 3: .healthy, 4: .offline, 5: .clumped, 7: .outOfPlacement])
        let result = plan.result(storing: new([8, 9, 6]))
        #expect(result.map(\.number) == [0, 1, 2, 3, 4, 5, 6, 8, 9])
    }

    @Test func `at or below the threshold everything stays that is not replaced`() {
        let plan = plan([0: .healthy, 1: .healthy, 2: .healthy, 3: .healthy, 4: .offline, 7: .outOfPlacement])
        #expect(plan.result(storing: new([8])).map(\.number) == [0, 1, 2, 3, 4, 7, 8])
        #expect(plan.result(storing: new([4])).map(\.number) == [0, 1, 2, 3, 4, 7])
    }

    @Test func `without new pieces a healthy segment only loses what must move`() {
        let plan = plan(healthy(8).merging([8: .outOfPlacement, 9: .clumped]) { $1 })
        #expect(plan.result(storing: []).map(\.number) == [0, 1, 2, 3, 4, 5, 6, 7, 9])
    }

    @Test func `new pieces fit only beside healthy ones, on other nodes`() {
        let plan = plan([0: .healthy, 1: .offline, 2: .healthy])
        let holder = plan.pieces[1].piece.node
        let fresh = new([1, 3, 0, 3, 10, -1])
        let taken = SegmentPiece(number: 4, node: holder, hash: nil)
        #expect(plan.fitting(fresh + [taken]) == [fresh[0], fresh[1]])
    }

    @Test func `nothing a repair can do makes a segment worse`() {
        let states = PieceState.allCases
        for seed in 0..<20_000 {
            var random = RandomSource.seeded(UInt64(seed))
            let count = Int.random(in: 0...10, using: &random)
            let numbers = Array(0..<10).shuffled(using: &random).prefix(count)
            let plan = plan(
                Dictionary(uniqueKeysWithValues: numbers.map { ($0, states.randomElement(using: &random) ?? .lost) }),
                repair: Int.random(in: 0...12, using: &random), optimal: Int.random(in: 0...12, using: &random))
            let offered = plan.freeNumbers.shuffled(using: &random)
            let stored = plan.fitting(new(Array(offered.prefix(Int.random(in: 0...offered.count, using: &random)))))
            let result = plan.result(storing: stored)
            let before = Set(plan.pieces.filter { $0.state == .healthy }.map(\.piece))
            let after = Set(result)
            #expect(before.isSubset(of: after), "a healthy piece went")
            #expect(Set(stored).isSubset(of: after), "a new piece was dropped")
            #expect(Set(result.map(\.number)).count == result.count && Set(result.map(\.node)).count == result.count)
            // What can be read is never less than it was, or than what makes it whole.
            let readableBefore = plan.retrievable.count
            let readableAfter = result.reduce(0) { sum, piece in
                let state = plan.pieces.first { $0.piece == piece }?.state ?? .healthy
                return sum + (state.isRetrievable ? 1 : 0)
            }
            let enough = min(readableBefore, plan.threshold.required)
            #expect(readableAfter >= enough)
            if before.count + stored.count < plan.threshold.optimal, before.count + stored.count <= plan.threshold.repair {
                #expect(readableAfter >= readableBefore)
            }
        }
    }
}
