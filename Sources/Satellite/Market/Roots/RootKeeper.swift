import Contracts
import Database
import Ethereum
import Ledger
import Logging
import StorageModel
import Upkeep

/// Puts what small farmers are owed, and the roots of heartbeat reports, on the ledger: a pool that has it all, and an
/// anchor a period.
///
/// Every operation's id is in the books before it is submitted.
final class RootKeeper: Sendable {
    let parts: UpkeepParts
    let payment: PaymentParts
    let reached: @Sendable (PaymentStep) throws -> Void

    init(parts: UpkeepParts, payment: PaymentParts, reached: @escaping @Sendable (PaymentStep) throws -> Void) {
        self.parts = parts
        self.payment = payment
        self.reached = reached
    }

    private var now: Timestamp { parts.clock.now().truncatedToMicroseconds }

    /// Anchors periods, oldest first; stops at the first that cannot be now.
    func advance() async throws {
        for record in try await parts.database.read({ try PaymentRecord.fetchUnanchored(in: $0) }) {
            try Task.checkCancellation()
            guard try await anchor(record.period) else { return }
        }
    }

    /// - Returns: whether the period's root is on the ledger.
    private func anchor(_ period: UInt64) async throws -> Bool {
        guard var record = try await prepared(period) else { return false }
        do {
            if record.anchorState == .prepared {
                guard let filled = try await fill(record) else { return false }
                record = filled
            }
            guard record.anchorState == .filled, let file = record.file, let id = record.anchorOperation else {
                return record.anchorState.rawValue >= PaymentRecord.AnchorState.anchored.rawValue
            }
            return try await finish(record, .anchor(file.anchor), id)
        } catch let error as LedgerError {
            try await note("\(error)", record.period)
            return false
        }
    }

    /// Fixes what a period anchors: once, so that a second try is the same.
    private func prepared(_ period: UInt64) async throws -> PaymentRecord? {
        let known = try await parts.database.read { try PaymentRecord.fetch(period, in: $0) }
        guard let known, known.anchorState == .waiting else { return known }
        let satellite = payment.payer.address
        let (fund, anchor) = (OperationID.random(using: parts.random), OperationID.random(using: parts.random))
        let ledger: PayoutState?
        do { ledger = try await payment.backend.payout(of: satellite) } catch let error as LedgerError {
            try await note("\(error)", period)
            return nil
        }
        let prepared = try await parts.database.write { session -> PaymentRecord? in
            guard var record = try PaymentRecord.fetch(period, in: session), record.anchorState == .waiting,
                let root = try PeriodRecord.fetch(period, in: session)?.reportRoot
            else { return try PaymentRecord.fetch(period, in: session) }
            let amounts = try RootAmounts.fetchAll(in: session)
            guard let file = PayoutFile(satellite: satellite, period: period, reportRoot: root, amounts: amounts) else {
                record.lastError = "the amounts are more than there can be"
                try record.save(in: session)
                return nil
            }
            if let last = ledger?.anchor, last.period >= period || last.total > file.anchor.total {
                // The ledger knows a newer root: the books are older than it. Never anchor a lower one over it.
                record.anchorState = last.period >= period ? .superseded : .waiting
                record.lastError = "the ledger has a newer root, of period \(last.period): the books are older than it"
                try record.save(in: session)
                return record.anchorState == .superseded ? record : nil
            }
            let funded = try PaymentRecord.funded(in: session)
            record.file = file
            record.fundAmount = file.anchor.total.subtracting(funded) ?? .zero
            record.fundOperation = fund
            record.anchorOperation = anchor
            record.anchorState = .prepared
            try record.save(in: session)
            return record
        }
        try reached(.rootStored)
        return prepared
    }

    /// Puts into the pool what the root promises beyond what is there.
    private func fill(_ record: PaymentRecord) async throws -> PaymentRecord? {
        guard let id = record.fundOperation else { return nil }
        if record.fundAmount > .zero {
            let operation = PayoutOperation.fund(satellite: payment.payer.address, record.fundAmount)
            guard try await perform(.payout(operation), id, record.period) else { return nil }
            try reached(.poolFilled)
        }
        let now = now
        return try await parts.database.write { session in
            guard var filled = try PaymentRecord.fetch(record.period, in: session) else { return nil }
            filled.anchorState = .filled
            filled.lastError = nil
            try filled.save(in: session)
            guard filled.fundAmount > .zero else { return filled }
            let entry = try JournalEntry(
                id: "pool/\(id)", time: now, filled.fundAmount, from: .wallet, to: .pool, note: "payout pool filled")
            _ = try Journal.post(entry, in: session)
            return filled
        }
    }

    private func finish(_ record: PaymentRecord, _ operation: PayoutOperation, _ id: OperationID) async throws -> Bool {
        guard try await perform(.payout(operation), id, record.period) else { return false }
        try reached(.anchored)
        try await parts.database.write { session in
            guard var anchored = try PaymentRecord.fetch(record.period, in: session) else { return }
            anchored.anchorState = .anchored
            anchored.lastError = nil
            try anchored.save(in: session)
        }
        try reached(.anchorStored)
        parts.logger.info("payout root anchored", metadata: ["period": "\(record.period)"])
        return true
    }

    /// Submits an operation, or asks what became of it.
    ///
    /// - Returns: whether the ledger has it for good; false while it is under way, and when it was refused.
    private func perform(_ operation: SettlementOperation, _ id: OperationID, _ period: UInt64) async throws -> Bool {
        do {
            if try await payment.backend.status(of: id) == .unknown {
                _ = try await payment.backend.submit(operation, by: payment.payer, id: id)
            }
        } catch let error as SettlementError {
            try await renew(period, id, "\(error)")
            return false
        }
        switch try await payment.backend.status(of: id) {
        case .final: return true
        case .included, .queued, .broadcast, .dropped, .unknown: return false
        case .failed(.refused(let error)): try await renew(period, id, "\(error)")
        case .failed(.other(let reason)): try await renew(period, id, reason)
        }
        return false
    }

    /// A failed operation had no effect: the next try is another one.
    private func renew(_ period: UInt64, _ id: OperationID, _ reason: String) async throws {
        parts.logger.warning("ledger refused a payout operation", metadata: ["period": "\(period)", "reason": "\(reason)"])
        let fresh = OperationID.random(using: parts.random)
        try await parts.database.write { session in
            guard var record = try PaymentRecord.fetch(period, in: session) else { return }
            if record.fundOperation == id { record.fundOperation = fresh }
            if record.anchorOperation == id { record.anchorOperation = fresh }
            record.lastError = reason
            try record.save(in: session)
        }
    }

    private func note(_ reason: String, _ period: UInt64) async throws {
        parts.logger.warning("root cannot be anchored now", metadata: ["reason": "\(reason)"])
        try await parts.database.write { session in
            guard var record = try PaymentRecord.fetch(period, in: session) else { return }
            record.lastError = reason
            try record.save(in: session)
        }
    }
}
