package import Contracts
package import Ethereum
package import StorageModel
import Synchronization

/// A ledger whose newest blocks vanish and come back, for those who must stand a chain's reorganisations: a switch for
/// tests and rehearsals in front of a steady ledger.
///
/// It keeps a sequence of its own of what readers learn, additions and retractions. The ledger behind it never takes
/// anything back; an event that is retracted here comes back by `include`, at another height and with another hash.
package final class UnsteadyBackend: SettlementBackend {
    /// What a reader learns at a place of the sequence.
    private struct Change {
        var event: PlacedEvent
        /// Whether it was taken back, at which place.
        var retracted: Int?
        /// Whether this change says that another one was taken back.
        var retracts: EventPlace?
    }

    private struct State {
        var changes: [Change] = []
        /// Events that readers are not shown: new ones while the ledger is held, and retracted ones.
        var hidden: [PlacedEvent] = []
        var isHeld = false
        var source: EventCursor?
        /// Blocks that came only here.
        var extraHeight: UInt64 = 0
        var reorganisations: UInt64 = 0
    }

    package let description: SettlementDescription
    private let base: any SettlementBackend
    private let state = Mutex(State())

    /// A switch in front of a ledger.
    ///
    /// - Parameter confirmations: what the description asks readers to wait for.
    package init(_ base: any SettlementBackend, confirmations: UInt64 = 3) {
        self.base = base
        var description = base.description
        description.confirmations = confirmations
        self.description = description
    }

    // MARK: The switch

    /// From now on what happens is shown to nobody, until `include`.
    package func hold() { state.withLock { $0.isHeld = true } }

    /// Takes back the newest events that readers can have seen.
    ///
    /// - Parameter count: how many; whole transactions, so that it may be some more.
    /// - Returns: their places.
    @discardableResult
    package func retract(_ count: Int) async throws -> [EventPlace] {
        try await learn()
        return state.withLock { state in
            var places: [EventPlace] = []
            var last: Bytes32?
            for index in state.changes.indices.reversed() {
                let change = state.changes[index]
                guard change.retracted == nil, change.retracts == nil else { continue }
                if places.count >= count, change.event.place.transaction != last { break }
                last = change.event.place.transaction
                state.changes[index].retracted = state.changes.count
                state.changes.append(Change(event: change.event, retracts: change.event.place))
                state.hidden.insert(change.event, at: places.count)
                places.append(change.event.place)
            }
            // Taken from the newest to the oldest.
            state.hidden.replaceSubrange(0..<places.count, with: state.hidden.prefix(places.count).reversed())
            state.reorganisations += 1
            return places
        }
    }

    /// Shows what is hidden: new blocks on top, with other hashes for what was taken back.
    package func include() async throws {
        try await learn()
        state.withLock { state in
            state.isHeld = false
            state.extraHeight += 1
            for hidden in state.hidden {
                var event = hidden
                event.place.height += state.extraHeight
                event.place.hash = Keccak256.hash(event.place.hash.bytes + UInt256(state.reorganisations).bytes32.bytes)
                state.changes.append(Change(event: event))
            }
            state.hidden = []
        }
    }

    /// Adds empty blocks on top.
    package func mine(_ count: UInt64) { state.withLock { $0.extraHeight += count } }

    /// Reads what is new in the ledger behind.
    private func learn() async throws {
        while true {
            let source = state.withLock { $0.source }
            let page = try await base.events(after: source, limit: 256)
            let isNew = state.withLock { state in
                // Two readers at once learn everything once.
                guard state.source == source else { return true }
                state.source = page.next
                for var event in page.events {
                    event.place.height += state.extraHeight
                    if state.isHeld { state.hidden.append(event) } else { state.changes.append(Change(event: event)) }
                }
                return page.next != source
            }
            if !isNew || page.events.isEmpty { return }
        }
    }

    // MARK: SettlementBackend

    package func events(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
        precondition(limit > 0, "a page has room for an event")
        try await learn()
        let head = try await time().height
        return state.withLock { state in
            var page = EventPage(events: [], retracted: [], next: cursor ?? EventCursor(position: 0))
            let start = Int(clamping: page.next.position)
            var position = start
            while position < state.changes.count, page.events.count < limit {
                let change = state.changes[position]
                position += 1
                if let place = change.retracts {
                    // What came and went within this page is nobody's business.
                    if page.events.contains(where: { $0.place == place }) {
                        page.events.removeAll { $0.place == place }
                    } else {
                        page.retracted.append(place)
                    }
                } else {
                    var event = change.event
                    event.confirmations = head >= event.place.height ? head - event.place.height : 0
                    page.events.append(event)
                }
            }
            page.next = EventCursor(position: UInt64(max(position, start)))
            return page
        }
    }

    package func time() async throws -> LedgerTime {
        var time = try await base.time()
        time.height += state.withLock { $0.extraHeight }
        return time
    }

    package func status(of id: OperationID) async throws -> OperationStatus {
        let status = try await base.status(of: id)
        guard status.isIncluded, let transaction = try await base.transaction(of: id) else { return status }
        try await learn()
        let head = try await time().height
        let height = state.withLock { state in
            state.changes.last {
                $0.retracts == nil && $0.retracted == nil && $0.event.place.transaction == transaction
            }?
            .event.place.height
        }
        guard let height else { return .broadcast }
        return head >= height + description.confirmations ? .final(height: height) : .included(height: height)
    }

    package func transaction(of id: OperationID) async throws -> Bytes32? { try await base.transaction(of: id) }

    package func submit(
        _ operation: SettlementOperation, by signer: any SettlementSigner, id: OperationID?
    ) async throws -> OperationID { try await base.submit(operation, by: signer, id: id) }

    package func prepare(_ signer: any SettlementSigner) async throws { try await base.prepare(signer) }
    package func balance(of owner: Address) async throws -> TokenAmount { try await base.balance(of: owner) }
    package func channel(_ id: Bytes32) async throws -> ChannelState? { try await base.channel(id) }
    package func agreement(_ id: Bytes32) async throws -> AgreementState? { try await base.agreement(id) }
    package func beacon(epoch: UInt64) async throws -> BeaconState? { try await base.beacon(epoch: epoch) }
    package func payout(of satellite: Address) async throws -> PayoutState? { try await base.payout(of: satellite) }
    package func paid(to farmer: Address, by satellite: Address) async throws -> TokenAmount {
        try await base.paid(to: farmer, by: satellite)
    }
    package func credit(of farmer: Address) async throws -> TokenAmount { try await base.credit(of: farmer) }
    package func fee(of operation: SettlementOperation) async throws -> TokenAmount? {
        try await base.fee(of: operation)
    }
}
