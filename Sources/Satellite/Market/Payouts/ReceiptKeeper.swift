import Contracts
import Database
import Ethereum
import Ledger
import Logging
import StorageModel
import Upkeep

/// Reads from the ledger what arrived at farmers, whoever claimed it. Receipts and the place where reading goes on are
/// stored together; the journal hears of a receipt when its block stays.
struct ReceiptKeeper: Sendable {
    private static let pageSize = 1000

    let parts: UpkeepParts
    let payment: PaymentParts
    let reached: @Sendable (PayoutStep) throws -> Void

    /// Reads all that is new.
    ///
    /// - Throws: `DatabaseError`, `LedgerError`.
    func advance() async throws {
        var cursor = try await parts.database.read { session in
            try session.first("SELECT position FROM market_receipt_cursor WHERE id = 1") {
                EventCursor(position: UInt64(bitPattern: $0.integer(0)))
            }
        }
        while true {
            try Task.checkCancellation()
            let page = try await payment.backend.events(after: cursor, limit: Self.pageSize)
            if page.next != cursor { try await take(page) }
            if page.next == cursor { break }
            cursor = page.next
        }
        try await settle()
        try reached(.receiptsStored)
    }

    private func take(_ page: EventPage) async throws {
        let payer = payment.payer.address
        let now = parts.clock.now()
        try await parts.database.write { session in
            for place in page.retracted {
                guard let receipt = try ReceiptRecord.fetch(at: place, in: session) else { continue }
                try receipt.delete(in: session)
                if receipt.isFinal { try Journal.post(try Self.entry(receipt, now, isReversed: true), in: session) }
            }
            for placed in page.events {
                guard let receipt = try Self.receipt(placed, payer, in: session) else { continue }
                try receipt.save(in: session)
            }
            try session.execute(
                """
                INSERT INTO market_receipt_cursor (id, position) VALUES (1, ?1)
                ON CONFLICT (id) DO UPDATE SET position = excluded.position
                """, [.integer(Int64(bitPattern: page.next.position))])
        }
    }

    /// What an event is to us; nil for what is about others.
    private static func receipt(_ placed: PlacedEvent, _ payer: Address, in session: SQLSession) throws -> ReceiptRecord? {
        func record(_ farmer: Address, _ amount: TokenAmount, _ cumulative: TokenAmount, _ channel: Bytes32?) -> ReceiptRecord {
            ReceiptRecord(
                receipt: PayoutReceipt(
                    transaction: placed.place.transaction, height: placed.place.height, index: placed.place.index,
                    time: placed.time, amount: amount), block: placed.place.hash, channel: channel, farmer: farmer,
                cumulative: cumulative, isFinal: false)
        }
        switch placed.event {
        case .paid(payer, let farmer, let cumulative, let amount): return record(farmer, amount, cumulative, nil)
        case .claimed(let id, let farmer, let cumulative, let paid, _, _):
            let isOurs = try session.first("SELECT 1 FROM market_channels WHERE id = ?1", [.blob(id.bytes)]) { _ in true }
            return isOurs == true ? record(farmer, paid, cumulative, id) : nil
        default: return nil
        }
    }

    /// Tells the journal of receipts whose blocks stay.
    private func settle() async throws {
        let head = try await payment.backend.time().height
        let ledger = payment.backend.description
        // What our own ledger has once it has for ever, also in the block that is open.
        let limit = ledger.kind == .embedded ? head + 1 : head - min(head, ledger.confirmations)
        let now = parts.clock.now()
        try await parts.database.write { session in
            for var receipt in try ReceiptRecord.unsettled(below: limit, in: session) {
                receipt.isFinal = true
                try receipt.save(in: session)
                try Journal.post(try Self.entry(receipt, now, isReversed: false), in: session)
            }
        }
    }

    /// The tokens left the pool or the channel, and that much less is owed.
    private static func entry(_ receipt: ReceiptRecord, _ now: Timestamp, isReversed: Bool) throws -> JournalEntry {
        let place = "\(Hexadecimal.encode(receipt.receipt.transaction.bytes))/\(receipt.receipt.index)"
        let name = "claim/\(place)/\(Hexadecimal.encode(receipt.block.bytes.prefix(8)))"
        guard let units = Int64(exactly: receipt.receipt.amount.units) else { throw JournalError.outOfRange(entry: name) }
        let amount = isReversed ? -units : units
        return JournalEntry(
            id: isReversed ? name + "/reversed" : name, time: now, currency: .storj,
            postings: [
                .init(receipt.channel.map { .channelDeposit($0) } ?? .pool, -amount), .init(.chain, amount),
                .init(.farmerOwed(receipt.farmer), -amount), .init(JournalAccount(rawValue: "cost/farmers/paid"), amount),
            ], note: isReversed ? "a claim vanished from the ledger" : "a farmer was paid")
    }
}
