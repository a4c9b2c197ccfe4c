import Contracts
import Ethereum
import StorageModel
import TestSupport
import Testing

@Suite struct PayoutTests {
    @Test(arguments: [1, 2, 3, 5, 16, 33])
    func `everybody in the tree is paid once a root`(count: Int) throws {
        var town = try Town()
        let satellite = town.payer
        let random = RandomSource.seeded(9)
        let keys = (0..<count).map { _ in PrivateKey.generate(random: random) }
        let owed = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1.address, TokenAmount(UInt64($0) + 1)) })
        let tree = try #require(PayoutTree(owed))
        let sum = UInt64(count * (count + 1) / 2)
        _ = try town.act(.payout(.fund(satellite: satellite.address, TokenAmount(sum))), by: town.other)
        _ = try town.act(.payout(.anchor(anchor(tree, period: 1, sum))), by: satellite)
        for key in keys {
            let claim = PayoutClaim(
                satellite: satellite.address, farmer: key.address, cumulative: try #require(owed[key.address]),
                path: try #require(tree.path(of: key.address)))
            _ = try town.act(.payout(.claim(claim)), by: town.other)
            #expect(town.ledger.balances[key.address] == owed[key.address])
            #expect(throws: SettlementError.nothingToClaim) { try town.act(.payout(.claim(claim)), by: key) }
        }
        town.checkBooks()
    }

    @Test func `a wrong amount, farmer or path is refused, and periods only grow`() throws {
        var town = try Town()
        let satellite = town.payer
        let owed = [town.farmer.address: TokenAmount(10), town.other.address: TokenAmount(20)]
        let tree = try #require(PayoutTree(owed))
        let path = try #require(tree.path(of: town.farmer.address))
        func claim(_ farmer: Address, _ amount: UInt64, _ path: [Bytes32]) -> SettlementOperation {
            .payout(.claim(PayoutClaim(satellite: satellite.address, farmer: farmer, cumulative: TokenAmount(amount), path: path)))
        }
        #expect(throws: SettlementError.rootUnknown) { try town.act(claim(town.farmer.address, 10, path), by: town.farmer) }
        _ = try town.act(.payout(.anchor(anchor(tree, period: 5, 30))), by: satellite)
        #expect(throws: SettlementError.poolEmpty) { try town.act(claim(town.farmer.address, 10, path), by: town.farmer) }
        _ = try town.act(.payout(.fund(satellite: satellite.address, TokenAmount(4))), by: town.other)
        #expect(throws: SettlementError.badPath) { try town.act(claim(town.farmer.address, 11, path), by: town.farmer) }
        #expect(throws: SettlementError.badPath) { try town.act(claim(town.other.address, 10, path), by: town.farmer) }
        #expect(throws: SettlementError.badPath) { try town.act(claim(town.farmer.address, 10, []), by: town.farmer) }
        _ = try town.act(claim(town.farmer.address, 10, path), by: town.farmer)
        #expect(town.balance(town.farmer) == 1_000_004)
        _ = try town.act(.payout(.fund(satellite: satellite.address, TokenAmount(100))), by: town.other)
        _ = try town.act(claim(town.farmer.address, 10, path), by: town.farmer)
        #expect(town.balance(town.farmer) == 1_000_010)
        for period: UInt64 in [0, 5] {
            #expect(throws: SettlementError.periodNotNew) {
                try town.act(.payout(.anchor(anchor(tree, period: period, 30))), by: satellite)
            }
        }
        town.checkBooks()
    }

    private func anchor(_ tree: PayoutTree, period: UInt64, _ sum: UInt64) -> PayoutAnchor {
        PayoutAnchor(
            period: period, payoutRoot: tree.root, reportRoot: Bytes32(), total: TokenAmount(sum),
            farmerCount: UInt64(tree.entries.count))
    }
}
