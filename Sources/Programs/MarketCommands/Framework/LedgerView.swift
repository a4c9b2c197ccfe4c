import Contracts
import Ethereum
import Ledger
import StorageModel

/// What a ledger says, from wherever it is known.
struct LedgerView: Sendable {
    /// Which one, for people.
    let name: String
    /// What makes it less than proof, a sentence; nil when nothing does.
    let doubt: String?
    let domains: SettlementDomains
    let channel: @Sendable (Bytes32) async throws -> ChannelState?
    let payout: @Sendable (Address) async throws -> PayoutState?
    let paid: @Sendable (_ farmer: Address, _ satellite: Address) async throws -> TokenAmount
    /// Everything that happened, in order.
    let events: @Sendable () async throws -> [PlacedEvent]

    /// What a backend says.
    init(_ backend: any SettlementBackend, name: String, doubt: String? = nil) {
        self.name = name
        self.doubt = doubt
        domains = backend.description.domains
        channel = { try await backend.channel($0) }
        payout = { try await backend.payout(of: $0) }
        paid = { try await backend.paid(to: $0, by: $1) }
        events = {
            var known: [PlacedEvent] = []
            var cursor: EventCursor?
            while true {
                let page = try await backend.events(after: cursor, limit: 1000)
                let gone = Set(page.retracted)
                if !gone.isEmpty { known.removeAll { gone.contains($0.place) } }
                known += page.events
                if page.next == cursor { return known }
                cursor = page.next
            }
        }
    }

    /// What a state says that somebody has replayed.
    init(_ state: SettlementState, events placed: [PlacedEvent], name: String) {
        self.name = name
        doubt = nil
        domains = state.domains
        channel = { state.channels[$0] }
        payout = { state.payouts[$0] }
        paid = { state.paid[PayoutKey(satellite: $1, farmer: $0)] ?? .zero }
        events = { placed }
    }

    /// What is known of a farmer's pay.
    ///
    /// - Parameter channels: those its statements name.
    func facts(payer: Address, farmer: Address, channels: Set<Bytes32>) async throws -> PaymentCheck.LedgerFacts {
        var facts = PaymentCheck.LedgerFacts(
            payout: try await payout(payer), paid: try await paid(farmer, payer))
        for id in channels { facts.channels[id] = try await channel(id) }
        for placed in try await events() {
            guard case .claimed(let id, _, let cumulative, _, _, let statement) = placed.event, channels.contains(id) else {
                continue
            }
            facts.claims.append(
                PaymentCheck.LedgerFacts.Claim(
                    channel: id, cumulative: cumulative, statement: statement, transaction: placed.place.transaction))
        }
        return facts
    }

    /// The anchor a payer made for a period; nil when there is none.
    func anchor(of payer: Address, period: UInt64) async throws -> PayoutAnchor? {
        if let newest = try await payout(payer)?.anchor, newest.period == period { return newest }
        for placed in try await events() {
            if case .anchored(payer, let anchor) = placed.event, anchor.period == period { return anchor }
        }
        return nil
    }
}
