import Ethereum
import StorageModel

extension SettlementState {
    mutating func apply(
        _ operation: ChannelOperation, by sender: Address, at time: LedgerTime
    ) throws(SettlementError) -> [SettlementEvent] {
        switch operation {
        case .open(let channel, let amount): try open([channel], amount, by: sender)
        case .openMany(let channels, let amount): try open(channels, amount, by: sender)
        case .topUp(let id, let amount): try topUp(id, amount, by: sender)
        case .claim(let channel, let voucher): try claim([.init(channel: channel, voucher: voucher)])
        case .claimMany(let claims): try claim(claims)
        case .startClose(let channel): try startClose(channel, by: sender, at: time)
        case .finishClose(let channel): try finishClose(channel, at: time)
        case .farmerClose(let channel): try farmerClose(channel, by: sender)
        }
    }

    private mutating func open(
        _ opened: [Channel], _ amount: TokenAmount, by sender: Address
    ) throws(SettlementError) -> [SettlementEvent] {
        guard (1...ChannelOperation.maximumCount).contains(opened.count) else { throw .tooMany }
        guard amount > .zero else { throw .amountZero }
        guard let sum = amount.multiplied(by: UInt64(opened.count)) else { throw .amountTooLarge }
        var events: [SettlementEvent] = []
        for channel in opened {
            guard channel.payer == sender else { throw .notAllowed }
            guard Channel.challengeRange.contains(channel.challenge), channel.farmer != .zero, channel.signer != .zero else {
                throw .badTerms
            }
            let id = channel.id
            guard channels[id] == nil else { throw .channelExists }
            channels[id] = ChannelState(funded: amount)
            events.append(.opened(id: id, channel: channel, amount: amount))
        }
        return [try take(sum, from: sender, to: domains.channels.contract)] + events
    }

    private mutating func topUp(
        _ id: Bytes32, _ amount: TokenAmount, by sender: Address
    ) throws(SettlementError) -> [SettlementEvent] {
        guard amount > .zero else { throw .amountZero }
        guard var state = channels[id] else { throw .channelUnknown }
        guard !state.isClosed else { throw .channelClosed }
        guard state.closesAt == nil else { throw .channelClosing }
        guard let funded = state.funded.adding(amount) else { throw .amountTooLarge }
        state.funded = funded
        channels[id] = state
        return [
            try take(amount, from: sender, to: domains.channels.contract),
            .toppedUp(id: id, amount: amount, funded: funded),
        ]
    }

    /// Pays the difference to what was claimed before, as far as the deposit goes. Runs of one farmer are one transfer.
    private mutating func claim(_ claims: [ChannelOperation.Claim]) throws(SettlementError) -> [SettlementEvent] {
        guard (1...ChannelOperation.maximumCount).contains(claims.count) else { throw .tooMany }
        var events: [SettlementEvent] = []
        var farmer: Address?
        var due = TokenAmount.zero
        for claim in claims {
            if let last = farmer, last != claim.channel.farmer {
                events.append(try give(due, to: last, from: domains.channels.contract))
                due = .zero
            }
            farmer = claim.channel.farmer
            let (paid, event) = try accept(claim)
            guard let sum = due.adding(paid) else { throw .amountTooLarge }
            due = sum
            events.append(event)
        }
        if let farmer { events.append(try give(due, to: farmer, from: domains.channels.contract)) }
        return events
    }

    private mutating func accept(
        _ claim: ChannelOperation.Claim
    ) throws(SettlementError) -> (TokenAmount, SettlementEvent) {
        let id = claim.channel.id
        let voucher = claim.voucher.voucher
        guard var state = channels[id] else { throw .channelUnknown }
        guard !state.isClosed else { throw .channelClosed }
        guard voucher.channel == id,
            takesSignaturesOnTrust || (try? claim.voucher.signer(in: domains.channels)) == claim.channel.signer
        else { throw .badSignature }
        let reachable = min(voucher.cumulative, state.funded)
        guard let paid = reachable.subtracting(state.claimed), paid > .zero else { throw .nothingToClaim }
        state.claimed = reachable
        channels[id] = state
        return (
            paid,
            .claimed(
                id: id, farmer: claim.channel.farmer, cumulative: voucher.cumulative, paid: paid, period: voucher.period,
                statement: voucher.statement)
        )
    }

    private mutating func startClose(
        _ channel: Channel, by sender: Address, at time: LedgerTime
    ) throws(SettlementError) -> [SettlementEvent] {
        guard sender == channel.payer else { throw .notAllowed }
        var state = try live(channel)
        guard state.closesAt == nil else { throw .channelClosing }
        let (end, overflow) = time.seconds.addingReportingOverflow(channel.challenge)
        guard !overflow else { throw .badTerms }
        state.closesAt = end
        channels[channel.id] = state
        return [.closing(id: channel.id, closesAt: end)]
    }

    private mutating func finishClose(_ channel: Channel, at time: LedgerTime) throws(SettlementError) -> [SettlementEvent] {
        let state = try live(channel)
        guard let end = state.closesAt else { throw .notClosing }
        guard time.seconds >= end else { throw .closingTooEarly }
        return try close(channel, state)
    }

    private mutating func farmerClose(_ channel: Channel, by sender: Address) throws(SettlementError) -> [SettlementEvent] {
        guard sender == channel.farmer else { throw .notAllowed }
        return try close(channel, try live(channel))
    }

    private func live(_ channel: Channel) throws(SettlementError) -> ChannelState {
        guard let state = channels[channel.id] else { throw .channelUnknown }
        guard !state.isClosed else { throw .channelClosed }
        return state
    }

    private mutating func close(_ channel: Channel, _ state: ChannelState) throws(SettlementError) -> [SettlementEvent] {
        let rest = state.locked
        var state = state
        state.isClosed = true
        channels[channel.id] = state
        let event = SettlementEvent.closed(id: channel.id, refunded: rest)
        guard rest > .zero else { return [event] }
        return [try give(rest, to: channel.payer, from: domains.channels.contract), event]
    }
}
