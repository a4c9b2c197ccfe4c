import Contracts
package import Ethereum
package import Ledger

/// Deposits on our own ledger: its events.
package struct LedgerDeposits: DepositSource {
    /// There is one kind of money on it.
    package let token: Address? = nil
    /// What such a ledger says of itself: it takes nothing back, so nobody waits for blocks on top.
    package var confirmations: UInt64? { backend.description.confirmations + 1 }
    private let backend: any SettlementBackend

    /// Deposits on a ledger.
    package init(backend: any SettlementBackend) { self.backend = backend }

    /// All events are read anyway.
    package func watch(_ addresses: [Address]) async throws {}

    package func changes(after cursor: Int64, limit: Int) async throws -> DepositPage {
        let from = cursor > 0 ? EventCursor(position: UInt64(cursor)) : nil
        let page = try await backend.events(after: from, limit: limit)
        let chain = backend.description.chainID
        var changes: [DepositChange] = page.retracted.map { place in
            .retracted(
                chainID: chain, blockHash: place.hash, transaction: place.transaction, index: UInt64(place.index))
        }
        var head = try await backend.time().height
        for event in page.events {
            head = max(head, event.place.height)
            guard case .transferred(let from, let to, let amount) = event.event else { continue }
            changes.append(
                .added(
                    DepositTransfer(
                        chainID: chain, height: event.place.height, blockHash: event.place.hash,
                        transaction: event.place.transaction, index: UInt64(event.place.index), token: nil,
                        from: from, to: to, amount: amount, time: event.time)))
        }
        let next = from == page.next ? cursor : Int64(clamping: page.next.position)
        return DepositPage(changes: changes, next: next, head: head)
    }
}
