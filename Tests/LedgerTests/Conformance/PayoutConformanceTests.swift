import Contracts
import Ethereum
import Ledger
import StorageModel
import TestSupport
import Testing

@Suite struct PayoutConformanceTests {
    private func tree(_ stage: SettlementStage, _ units: UInt64) throws -> PayoutTree {
        try #require(
            PayoutTree([
                stage.farmer.address: TokenAmount(units), stage.other.address: TokenAmount(40),
                Address(padded: UInt256(7).bytes32): TokenAmount(9),
            ]))
    }

    private func anchor(_ tree: PayoutTree, period: UInt64) -> PayoutAnchor {
        PayoutAnchor(
            period: period, payoutRoot: tree.root, reportRoot: UInt256(5).bytes32,
            total: TokenAmount(tree.entries.reduce(0) { $0 + $1.cumulative.units }),
            farmerCount: UInt64(tree.entries.count))
    }

    private func claim(_ stage: SettlementStage, _ tree: PayoutTree, _ farmer: KeySigner, _ units: UInt64) throws
        -> PayoutClaim
    {
        PayoutClaim(
            satellite: stage.payer.address, farmer: farmer.address, cumulative: TokenAmount(units),
            path: try #require(tree.path(of: farmer.address)))
    }

    @Test(arguments: StageKind.allCases)
    func `a root pays what is new, once, as far as the pool goes`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let satellite = stage.payer.address
            #expect(
                try await stage.payout(.fund(satellite: satellite, TokenAmount(100)), by: stage.other) == [
                    stage.transfer(stage.other.address, stage.payoutsAddress, 100),
                    .funded(satellite: satellite, amount: TokenAmount(100), pool: TokenAmount(100)),
                ])
            let first = try tree(stage, 60)
            let firstAnchor = anchor(first, period: 4)
            #expect(
                try await stage.payout(.anchor(firstAnchor), by: stage.payer)
                    == [.anchored(satellite: satellite, firstAnchor)])
            #expect(
                try await stage.payout(.claim(claim(stage, first, stage.farmer, 60)), by: stage.other) == [
                    stage.transfer(stage.payoutsAddress, stage.farmer.address, 60),
                    .paid(
                        satellite: satellite, farmer: stage.farmer.address, cumulative: TokenAmount(60),
                        amount: TokenAmount(60)),
                ])
            let again = try claim(stage, first, stage.farmer, 60)
            await #expect(throws: SettlementError.nothingToClaim) {
                try await stage.payout(.claim(again), by: stage.farmer)
            }
            let second = try tree(stage, 130)
            try await stage.payout(.anchor(anchor(second, period: 5)), by: stage.payer)
            // Forty are there.
            try await stage.payout(.claim(claim(stage, second, stage.farmer, 130)), by: stage.farmer)
            #expect(try await stage.backend.paid(to: stage.farmer.address, by: satellite) == TokenAmount(100))
            let rest = try claim(stage, second, stage.farmer, 130)
            await #expect(throws: SettlementError.poolEmpty) { try await stage.payout(.claim(rest), by: stage.farmer) }
            try await stage.payout(.fund(satellite: satellite, TokenAmount(70)), by: stage.payer)
            try await stage.payout(
                .claimMany([rest, claim(stage, second, stage.other, 40)]), by: stage.farmer)
            #expect(try await stage.units(stage.farmer) == SettlementStage.startUnits + 130)
            #expect(try await stage.units(stage.other) == SettlementStage.startUnits - 100 + 40)
            let state = try #require(try await stage.backend.payout(of: satellite))
            #expect(state.pool == .zero)
            #expect(state.anchor == anchor(second, period: 5))
        }
    }

    @Test(arguments: StageKind.allCases)
    func `claims against no root, another root and a wrong path are refused`(kind: StageKind) async throws {
        try await kind.withStage { stage in
            let first = try tree(stage, 60)
            let good = try claim(stage, first, stage.farmer, 60)
            #expect(try await stage.backend.payout(of: stage.payer.address) == nil)
            await #expect(throws: SettlementError.rootUnknown) {
                try await stage.payout(.claim(good), by: stage.farmer)
            }
            await #expect(throws: SettlementError.amountZero) {
                try await stage.payout(.fund(satellite: stage.payer.address, .zero), by: stage.payer)
            }
            try await stage.payout(.anchor(anchor(first, period: 4)), by: stage.payer)
            for period in [4, 3] as [UInt64] {
                await #expect(throws: SettlementError.periodNotNew) {
                    try await stage.payout(.anchor(anchor(first, period: period)), by: stage.payer)
                }
            }
            var bad = [good, good, good, good]
            bad[0].cumulative = TokenAmount(61)
            bad[1].path[0] = UInt256(1).bytes32
            bad[2].farmer = stage.other.address
            bad[3].path += (0..<40).map { UInt256(UInt64($0)).bytes32 }
            for claim in bad {
                await #expect(throws: SettlementError.badPath) {
                    try await stage.payout(.claim(claim), by: stage.farmer)
                }
            }
            await #expect(throws: SettlementError.poolEmpty) { try await stage.payout(.claim(good), by: stage.farmer) }
            await #expect(throws: SettlementError.tooMany) { try await stage.payout(.claimMany([]), by: stage.farmer) }
        }
    }
}
