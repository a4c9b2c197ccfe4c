import Ethereum
import StorageModel

extension SettlementState {
    mutating func apply(_ operation: PayoutOperation, by sender: Address) throws(SettlementError) -> [SettlementEvent] {
        switch operation {
        case .fund(let satellite, let amount): try fund(satellite, amount, by: sender)
        case .anchor(let anchor): try self.anchor(anchor, by: sender)
        case .claim(let claim): try self.claim([claim])
        case .claimMany(let claims): try claim(claims)
        }
    }

    private mutating func fund(
        _ satellite: Address, _ amount: TokenAmount, by sender: Address
    ) throws(SettlementError) -> [SettlementEvent] {
        guard amount > .zero else { throw .amountZero }
        var state = payouts[satellite] ?? PayoutState()
        guard let pool = state.pool.adding(amount) else { throw .amountTooLarge }
        state.pool = pool
        payouts[satellite] = state
        return [
            try take(amount, from: sender, to: domains.payoutsContract),
            .funded(satellite: satellite, amount: amount, pool: pool),
        ]
    }

    private mutating func anchor(_ anchor: PayoutAnchor, by sender: Address) throws(SettlementError) -> [SettlementEvent] {
        var state = payouts[sender] ?? PayoutState()
        if let last = state.anchor, anchor.period <= last.period { throw .periodNotNew }
        state.anchor = anchor
        payouts[sender] = state
        return [.anchored(satellite: sender, anchor)]
    }

    private mutating func claim(_ claims: [PayoutClaim]) throws(SettlementError) -> [SettlementEvent] {
        guard (1...ChannelOperation.maximumCount).contains(claims.count) else { throw .tooMany }
        var events: [SettlementEvent] = []
        for claim in claims { events += try accept(claim) }
        return events
    }

    /// Pays what is new as far as the pool goes; the rest can be claimed when somebody has filled it.
    private mutating func accept(_ claim: PayoutClaim) throws(SettlementError) -> [SettlementEvent] {
        guard var state = payouts[claim.satellite], let anchor = state.anchor else { throw .rootUnknown }
        guard claim.path.count <= PayoutClaim.maximumPathLength,
            PayoutTree.root(farmer: claim.farmer, cumulative: claim.cumulative, path: claim.path) == anchor.payoutRoot
        else { throw .badPath }
        let key = PayoutKey(satellite: claim.satellite, farmer: claim.farmer)
        let before = paid[key] ?? .zero
        guard let due = claim.cumulative.subtracting(before), due > .zero else { throw .nothingToClaim }
        let amount = min(due, state.pool)
        guard amount > .zero, let rest = state.pool.subtracting(amount), let sum = before.adding(amount) else {
            throw .poolEmpty
        }
        state.pool = rest
        payouts[claim.satellite] = state
        paid[key] = sum
        return [
            try give(amount, to: claim.farmer, from: domains.payoutsContract),
            .paid(satellite: claim.satellite, farmer: claim.farmer, cumulative: sum, amount: amount),
        ]
    }
}
