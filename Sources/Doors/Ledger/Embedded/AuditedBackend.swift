package import Contracts
package import Ethereum
package import StorageModel
import Synchronization

/// A copy of a ledger's log as a ledger to read: all of it was checked first. Nobody can do anything on it.
package struct AuditedBackend: SettlementBackend {
    package let description: SettlementDescription
    /// Lines of the log, and those under the operator's last block: the rest the operator can still deny.
    package let lineCount: UInt64
    package let signedLineCount: UInt64
    private let books: LedgerBooks
    private let placed: [PlacedEvent]

    /// Checks a log and reads it.
    ///
    /// - Parameters:
    ///   - path: of the file, or of a copy that was fetched.
    ///   - operator: who must have kept it; nil for whoever did.
    /// - Throws: `LedgerError.damaged` for a log that does not hold, `.file`.
    package init(
        file path: String, operator address: Address? = nil, disk: any LedgerDisk = SystemLedgerDisk()
    ) async throws {
        let events = EventList()
        let finding = try await LedgerAudit.verify(file: path, operator: address, disk: disk) { line, hash in
            if case .operation(let entry) = line { events.add(entry.placed(hash: hash, confirmations: 0)) }
        }
        guard let books = finding.books, finding.objection == nil else {
            throw LedgerError.damaged(finding.objection ?? "the log is empty")
        }
        self.books = books
        lineCount = books.lineCount
        signedLineCount = finding.signedLineCount
        placed = events.all.map { event in
            var event = event
            event.confirmations = books.height - event.place.height
            return event
        }
        description = SettlementDescription(
            kind: .embedded, domains: books.state.domains, chainID: 0, confirmations: 0,
            operatorAddress: books.genesis.operatorAddress)
    }

    package func time() async throws -> LedgerTime { LedgerTime(seconds: books.time, height: books.height) }
    package func balance(of owner: Address) async throws -> TokenAmount { books.state.balances[owner] ?? .zero }
    package func channel(_ id: Bytes32) async throws -> ChannelState? { books.state.channels[id] }
    package func agreement(_ id: Bytes32) async throws -> AgreementState? { books.state.agreements[id] }
    package func beacon(epoch: UInt64) async throws -> BeaconState? { books.state.beacons[epoch] }
    package func payout(of satellite: Address) async throws -> PayoutState? { books.state.payouts[satellite] }
    package func paid(to farmer: Address, by satellite: Address) async throws -> TokenAmount {
        books.state.paid[PayoutKey(satellite: satellite, farmer: farmer)] ?? .zero
    }
    package func credit(of farmer: Address) async throws -> TokenAmount { books.state.credits[farmer] ?? .zero }
    package func fee(of operation: SettlementOperation) async throws -> TokenAmount? { nil }

    package func prepare(_ signer: any SettlementSigner) async throws {}
    package func submit(
        _ operation: SettlementOperation, by signer: any SettlementSigner, id: OperationID?
    ) async throws -> OperationID { throw LedgerError.unsupported("take operations: it is a copy of a log") }
    package func status(of id: OperationID) async throws -> OperationStatus {
        books.index.place(of: id.storage).map { .final(height: $0.height) } ?? .unknown
    }
    package func transaction(of id: OperationID) async throws -> Bytes32? {
        throw LedgerError.unsupported("find lines by names: it is a copy of a log")
    }

    package func events(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
        precondition(limit > 0, "a page has room for an event")
        let start = min(Int(clamping: cursor?.position ?? 0), placed.count)
        let page = placed[start...].prefix(limit)
        return EventPage(events: Array(page), retracted: [], next: EventCursor(position: UInt64(start + page.count)))
    }
}

/// Events as they are read.
private final class EventList: Sendable {
    private let events = Mutex<[PlacedEvent]>([])

    var all: [PlacedEvent] { events.withLock { $0 } }

    func add(_ new: [PlacedEvent]) { events.withLock { $0 += new } }
}
