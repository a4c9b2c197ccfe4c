import Contracts
import Database
import Ethereum
import Ledger
import Logging
import StorageModel
import Synchronization
import Upkeep

/// Has small farmers paid what the newest root says, at the satellite's cost, many in one operation.
///
/// An operation's id is in the books before the ledger hears of it, and a claim names what is due in all: whatever is
/// tried again pays once.
///
///     plan ─► submit ─► settled ─┬─ next batch … ─► finished
///       ▲        └─ refused: a newer root, or the farmer was first ─► the same batch anew
final class PayoutRunner: Sendable {
    private let parts: UpkeepParts
    private let payment: PaymentParts
    private let settings: PayoutSettings
    private let reached: @Sendable (PayoutStep) throws -> Void
    private let isRequested = Mutex(false)

    init(
        parts: UpkeepParts, payment: PaymentParts, settings: PayoutSettings,
        reached: @escaping @Sendable (PayoutStep) throws -> Void
    ) {
        self.parts = parts
        self.payment = payment
        self.settings = settings
        self.reached = reached
    }

    private var now: Timestamp { parts.clock.now().truncatedToMicroseconds }

    /// Lets the next step begin a run; one that is under way goes on.
    func request() { isRequested.withLock { $0 = true } }

    /// Does everything that can be done now.
    ///
    /// - Throws: `DatabaseError`, `LedgerError`.
    func advance() async throws {
        var newest = try await parts.database.read { try PayoutRun.fetch(limit: 1, in: $0).first }
        if newest.map({ $0.finishedAt != nil }) ?? true {
            guard isDue(after: newest), let run = try await plan(after: newest) else { return }
            newest = run
            try reached(.planned)
        }
        isRequested.withLock { $0 = false }
        guard var run = newest else { return }
        for index in run.batches.indices where run.batches[index].state == .planned {
            try Task.checkCancellation()
            guard let settled = try await advance(run.batches[index]) else { return }
            run.batches[index] = settled
        }
        run.finishedAt = now
        try await parts.database.write { [run] in try run.save(in: $0) }
        parts.logger.info("payout run finished", metadata: ["run": "\(run.number)", "operations": "\(run.batches.count)"])
    }

    private func isDue(after last: PayoutRun?) -> Bool {
        if isRequested.withLock({ $0 }) { return true }
        guard settings.runInterval > .zero else { return false }
        return last.map { now >= $0.startedAt.advanced(by: settings.runInterval) || now < $0.startedAt } ?? true
    }

    // MARK: Planning

    /// Chooses who is paid; nil when there is no root to pay by.
    private func plan(after last: PayoutRun?) async throws -> PayoutRun? {
        guard let file = try await newestFile() else { return nil }
        let due = try await due(file.entries)
        let fee = try await feePerFarmer(due, file)
        let chosen = due.filter { item in
            guard let fee else { return true }
            return UInt128(fee.units) * 100 <= UInt128(item.due.units) * UInt128(settings.feePercent)
        }
        let paid = Set(chosen.map(\.farmer))
        let left = due.filter { !paid.contains($0.farmer) }
        let number = (last?.number ?? 0) + 1
        let size = min(max(settings.batchSize, 1), ChannelOperation.maximumCount)
        let batches = stride(from: 0, to: chosen.count, by: size).enumerated().map { index, start in
            PayoutBatch(
                run: number, number: Int64(index), items: Array(chosen[start..<min(start + size, chosen.count)]),
                operation: OperationID.random(using: parts.random), state: .planned, transaction: nil, lastError: nil)
        }
        let run = PayoutRun(
            number: number, startedAt: now, finishedAt: nil, carriedCount: left.count,
            carried: left.reduce(.zero) { $0.adding($1.due) ?? $0 }, batches: batches)
        try await parts.database.write { try run.save(in: $0) }
        parts.logger.info(
            "payout run begun",
            metadata: ["run": "\(number)", "farmers": "\(chosen.count)", "carried": "\(left.count)"])
        return run
    }

    /// The file of the root that the ledger has now; nil without one.
    private func newestFile() async throws -> PayoutFile? {
        guard let anchor = try await payment.backend.payout(of: payment.payer.address)?.anchor else { return nil }
        return try await parts.database.read { try PaymentRecord.fetch(root: anchor.payoutRoot, in: $0)?.file }
    }

    /// What has not arrived, by farmer.
    private func due(_ entries: [PayoutFile.Entry]) async throws -> [PayoutBatch.Item] {
        let paid = try await parts.database.read { try ReceiptRecord.paidByRoots(in: $0) }
        return entries.compactMap { entry in
            guard let due = entry.cumulative.subtracting(paid[entry.farmer] ?? .zero), due > .zero else { return nil }
            return PayoutBatch.Item(farmer: entry.farmer, cumulative: entry.cumulative, due: due)
        }
    }

    /// A farmer's share of what an operation costs now; nil where they are free.
    private func feePerFarmer(_ items: [PayoutBatch.Item], _ file: PayoutFile) async throws -> TokenAmount? {
        let sample = items.prefix(settings.batchSize)
        guard !sample.isEmpty, let claims = claims(Array(sample), file),
            let fee = try await payment.backend.fee(of: .payout(.claimMany(claims)))
        else { return nil }
        let count = UInt64(sample.count)
        return TokenAmount(fee.units / count + (fee.units % count == 0 ? 0 : 1))
    }

    private func claims(_ items: [PayoutBatch.Item], _ file: PayoutFile) -> [PayoutClaim]? {
        guard let tree = file.tree else { return nil }
        return items.compactMap { item in
            tree.path(of: item.farmer).map {
                PayoutClaim(satellite: file.satellite, farmer: item.farmer, cumulative: item.cumulative, path: $0)
            }
        }
    }

    // MARK: Paying

    /// How often a batch is made anew in one go when the ledger refuses it.
    private static let maximumTries = 4

    /// Takes a batch as far as it goes; nil while the ledger is not done with it.
    private func advance(_ batch: PayoutBatch) async throws -> PayoutBatch? {
        var batch = batch
        for _ in 0..<Self.maximumTries {
            switch try await outcome(of: batch) {
            case .pending: return nil
            case .settled:
                batch.state = .settled
                batch.lastError = nil
                batch.transaction = try await payment.backend.transaction(of: batch.operation)
                try await save(batch)
                try reached(.settled)
                return batch
            case .refused(let reason):
                // Nothing happened: whoever is still owed something is tried again, by the newest root.
                batch = try await anew(batch, reason)
                if batch.state == .empty { return batch }
            }
        }
        return nil
    }

    private enum Outcome {
        case pending
        case settled
        case refused(String)
    }

    /// Submits a batch that the ledger does not know yet, and asks what became of it.
    private func outcome(of batch: PayoutBatch) async throws -> Outcome {
        let backend = payment.backend
        if try await backend.status(of: batch.operation) == .unknown {
            guard let file = try await newestFile(), let claims = claims(batch.items, file), !claims.isEmpty else {
                return .refused("the root is gone")
            }
            do {
                _ = try await backend.submit(.payout(.claimMany(claims)), by: payment.payer, id: batch.operation)
            } catch let error as SettlementError {
                return .refused("\(error)")
            }
            try reached(.submitted)
        }
        switch try await backend.status(of: batch.operation) {
        case .final: return .settled
        case .included, .queued, .broadcast, .dropped, .unknown: return .pending
        case .failed(.refused(let error)): return .refused("\(error)")
        case .failed(.other(let reason)): return .refused(reason)
        }
    }

    /// The batch by what the newest root and the ledger say now, under another id.
    private func anew(_ batch: PayoutBatch, _ reason: String) async throws -> PayoutBatch {
        var fresh = batch
        fresh.lastError = reason
        fresh.operation = OperationID.random(using: parts.random)
        fresh.items = []
        let file = try await newestFile()
        let amounts = Dictionary(
            (file?.entries ?? []).map { ($0.farmer, $0.cumulative) }, uniquingKeysWith: { first, _ in first })
        for item in batch.items {
            let cumulative = amounts[item.farmer] ?? .zero
            let paid = try await payment.backend.paid(to: item.farmer, by: payment.payer.address)
            guard let due = cumulative.subtracting(paid), due > .zero else { continue }
            fresh.items.append(PayoutBatch.Item(farmer: item.farmer, cumulative: cumulative, due: due))
        }
        if fresh.items.isEmpty { fresh.state = .empty }
        try await save(fresh)
        parts.logger.warning(
            "payouts are made anew", metadata: ["run": "\(batch.run)", "batch": "\(batch.number)", "reason": "\(reason)"])
        return fresh
    }

    private func save(_ batch: PayoutBatch) async throws {
        try await parts.database.write { try batch.save(in: $0) }
    }
}
