package import Ethereum
package import StorageModel

/// Everything the ledger knows, and the rules by which it changes: the contracts' own rules, as a value.
///
/// An operation either changes the state and tells by events what happened, or throws and changes nothing. Nothing else
/// has an influence: a log of operations with their times, applied again, gives the same state.
///
/// - Source: economy design §7, §8, §10.
package struct SettlementState: Hashable, Sendable {
    /// Where its signatures count.
    package let domains: SettlementDomains
    /// Who may put money into the embedded ledger and take it out.
    package let operatorAddress: Address
    /// Free money by owner; nobody with nothing is in it.
    package internal(set) var balances = Table<Address, TokenAmount>()
    /// All that was ever put in, less what was taken out.
    package internal(set) var minted = TokenAmount.zero
    /// Channels, also closed ones: an id is never used twice.
    package internal(set) var channels = Table<Bytes32, ChannelState>()
    /// What satellites pay by roots.
    package internal(set) var payouts = Table<Address, PayoutState>()
    /// What farmers were paid by roots.
    package internal(set) var paid = Table<PayoutKey, TokenAmount>()
    /// Agreements, also finished ones.
    package internal(set) var agreements = Table<Bytes32, AgreementState>()
    /// Beacons by epoch.
    package internal(set) var beacons = Table<UInt64, BeaconState>()
    /// Proven periods' pay that waits for its farmer.
    package internal(set) var credits = Table<Address, TokenAmount>()
    /// Whether the signatures inside operations were checked before, each by its `SignatureCheck`.
    package var takesSignaturesOnTrust = false

    /// A ledger on which nothing has happened.
    package init(domains: SettlementDomains, operatorAddress: Address) {
        self.domains = domains
        self.operatorAddress = operatorAddress
    }

    /// Does one thing.
    ///
    /// - Returns: what happened, in order.
    /// - Throws: `SettlementError`; the state is unchanged then.
    package mutating func apply(
        _ operation: SettlementOperation, by sender: Address, at time: LedgerTime
    ) throws(SettlementError) -> [SettlementEvent] {
        let before = minted
        do {
            let events = try perform(operation, by: sender, at: time)
            keep()
            return events
        } catch {
            minted = before
            takeBack()
            throw error
        }
    }

    private mutating func keep() {
        balances.keep()
        channels.keep()
        payouts.keep()
        paid.keep()
        agreements.keep()
        beacons.keep()
        credits.keep()
    }

    private mutating func takeBack() {
        balances.takeBack()
        channels.takeBack()
        payouts.takeBack()
        paid.takeBack()
        agreements.takeBack()
        beacons.takeBack()
        credits.takeBack()
    }

    private mutating func perform(
        _ operation: SettlementOperation, by sender: Address, at time: LedgerTime
    ) throws(SettlementError) -> [SettlementEvent] {
        switch operation {
        case .mint(let owner, let amount): try mint(amount, to: owner, by: sender)
        case .burn(let amount): try burn(amount, by: sender)
        case .transfer(let receiver, let amount): try transfer(amount, from: sender, to: receiver)
        case .channel(let operation): try apply(operation, by: sender, at: time)
        case .payout(let operation): try apply(operation, by: sender)
        case .agreement(let operation): try apply(operation, by: sender, at: time)
        }
    }

    // MARK: Money

    private mutating func mint(
        _ amount: TokenAmount, to owner: Address, by sender: Address
    ) throws(SettlementError) -> [SettlementEvent] {
        guard sender == operatorAddress else { throw .notAllowed }
        guard amount > .zero else { throw .amountZero }
        guard let total = minted.adding(amount) else { throw .amountTooLarge }
        minted = total
        return [try give(amount, to: owner, from: .zero)]
    }

    private mutating func burn(_ amount: TokenAmount, by sender: Address) throws(SettlementError) -> [SettlementEvent] {
        guard amount > .zero else { throw .amountZero }
        let event = try take(amount, from: sender, to: .zero)
        guard let rest = minted.subtracting(amount) else { throw .balanceTooLow }
        minted = rest
        return [event]
    }

    private mutating func transfer(
        _ amount: TokenAmount, from sender: Address, to receiver: Address
    ) throws(SettlementError) -> [SettlementEvent] {
        let event = try take(amount, from: sender, to: receiver)
        _ = try give(amount, to: receiver, from: sender)
        return [event]
    }

    /// Takes free money away from its owner.
    mutating func take(
        _ amount: TokenAmount, from owner: Address, to receiver: Address
    ) throws(SettlementError) -> SettlementEvent {
        guard let rest = (balances[owner] ?? .zero).subtracting(amount) else { throw .balanceTooLow }
        balances[owner] = rest == .zero ? nil : rest
        return .transferred(from: owner, to: receiver, amount: amount)
    }

    /// Gives somebody free money.
    mutating func give(
        _ amount: TokenAmount, to owner: Address, from giver: Address
    ) throws(SettlementError) -> SettlementEvent {
        guard let sum = (balances[owner] ?? .zero).adding(amount) else { throw .amountTooLarge }
        balances[owner] = sum == .zero ? nil : sum
        return .transferred(from: giver, to: owner, amount: amount)
    }

    /// All money there is, free or locked: always what was minted. Nil when the books are broken.
    package var total: TokenAmount? {
        let parts =
            Array(balances.values.values) + Array(credits.values.values) + channels.values.values.map(\.locked)
            + payouts.values.values.map(\.pool) + agreements.values.values.map(\.locked)
        return parts.reduce(TokenAmount.zero as TokenAmount?) { sum, part in sum.flatMap { $0.adding(part) } }
    }
}

/// Where the signatures of a ledger count.
package struct SettlementDomains: Hashable, Sendable {
    /// Of vouchers.
    package let channels: SigningDomain
    /// Of terms and receipts.
    package let agreements: SigningDomain
    /// The contract that keeps the pools.
    package let payoutsContract: Address

    /// The domains of contracts on a chain; with the embedded ledger the chain is zero.
    package init(chainID: UInt64, channels: Address, agreements: Address, payouts: Address) {
        self.channels = SigningDomain(name: "StorjChannels", version: "1", chainID: chainID, contract: channels)
        self.agreements = SigningDomain(name: "StorjAgreements", version: "1", chainID: chainID, contract: agreements)
        payoutsContract = payouts
    }
}
