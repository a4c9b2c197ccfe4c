import Contracts
import Ledger
import StorageModel
import Synchronization

/// What happened on a ledger, as its log is read: only what pay is checked by.
final class EventCollection: Sendable {
    private let state = Mutex<[PlacedEvent]>([])

    /// In their order.
    var events: [PlacedEvent] { state.withLock { $0 } }

    /// Takes a line of the log.
    func take(_ line: LedgerLine, _ hash: Bytes32) {
        guard case .operation(let entry) = line else { return }
        let placed = entry.events.enumerated().compactMap { index, event -> PlacedEvent? in
            switch event {
            case .claimed, .anchored, .paid:
                PlacedEvent(
                    event: event,
                    place: EventPlace(height: entry.height, hash: hash, transaction: hash, index: UInt32(clamping: index)),
                    confirmations: 0, time: entry.time)
            default: nil
            }
        }
        if !placed.isEmpty { state.withLock { $0 += placed } }
    }
}
