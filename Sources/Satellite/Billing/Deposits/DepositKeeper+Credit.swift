import Accounts
import Contracts
import Database
import Ledger
import Logging
import StorageModel

extension DepositKeeper {
    /// Credits what is deep enough and has a price.
    func confirm(head: UInt64, _ door: DepositDoor) async throws {
        let confirmations = max(1, door.source.confirmations ?? settings.confirmations)
        let deep = try await parts.database.read { session in
            try session.query(
                """
                SELECT \(Deposit.columns) FROM deposits
                WHERE state IN ('seen', 'confirmed-unpriced') AND height <= ?1 ORDER BY id
                """, [SQLValue(Int64(clamping: head) - Int64(clamping: confirmations) + 1)], Deposit.init)
        }
        for deposit in deep {
            do { try await confirm(deposit, door) } catch let error as DatabaseError { throw error } catch {
                // The others need not wait; this one is tried again.
                parts.logger.warning("deposit waits", metadata: ["deposit": "\(deposit.id)", "error": "\(error)"])
            }
        }
    }

    private func confirm(_ deposit: Deposit, _ door: DepositDoor) async throws {
        let sender = "\(deposit.transfer.from)".lowercased()
        let isSanctioned = settings.sanctioned.contains { $0.lowercased() == sender }
        let objection = try await isSanctioned
            ? "the sender is on the list of sanctioned wallets" : door.policy.objection(deposit.transfer)
        let quote = try await parts.quotes?.quote(at: deposit.transfer.time)
        guard let quote, let credit = quote.usd(for: deposit.transfer.amount) else {
            return try await wait(deposit)
        }
        let bonus = credit.percent(settings.bonusPercent) ?? .zero
        let now = parts.clock.now()
        let isNew = try await parts.database.write { session in
            try Self.credit(
                deposit, credit, bonus: objection == nil ? bonus : .zero, quote, objection, at: now, in: session)
        }
        if isNew {
            parts.logger.info("deposit credited", metadata: ["deposit": "\(deposit.id)", "amount": "\(credit)"])
        }
    }

    private func wait(_ deposit: Deposit) async throws {
        try await parts.database.write { session in
            try session.execute(
                """
                UPDATE deposits SET state = 'confirmed-unpriced', note = 'no price for its time yet'
                WHERE id = ?1 AND state = 'seen'
                """, [.integer(deposit.id)])
        }
    }

    /// Credit, bonus, state and journal in one transaction; false when somebody else did it, or the same transfer counts
    /// already from another block.
    private static func credit(
        _ stale: Deposit, _ credit: USDAmount, bonus: USDAmount, _ quote: Quote, _ objection: String?,
        at now: Timestamp, in session: SQLSession
    ) throws -> Bool {
        let current = try session.first(
            "SELECT \(Deposit.columns) FROM deposits WHERE id = ?1", [.integer(stale.id)], Deposit.init)
        guard let current, current.state == .seen || current.state == .unpriced else { return false }
        let transfer = current.transfer
        let key: [SQLValue] = [
            SQLValue(Int64(clamping: transfer.chainID)), .blob(transfer.transaction.bytes), .integer(current.ordinal),
        ]
        let twin = try session.first(
            "SELECT 1 FROM deposits WHERE chain = ?1 AND tx = ?2 AND ordinal = ?3 AND state IN ('credited', 'frozen')", key
        ) { _ in true }
        if twin != nil { return false }
        // Journal entries are for ever: a transfer whose credit was taken back gets a new name.
        let generation = try session.first(
            "SELECT COALESCE(SUM(generation), 0) FROM deposits WHERE chain = ?1 AND tx = ?2 AND ordinal = ?3", key
        ) { $0.integer(0) } ?? 0
        let state: Deposit.State = objection == nil ? .credited : .frozen
        try session.execute(
            """
            UPDATE deposits SET state = ?2, quote = ?3, micro_usd = ?4, credit = ?5, bonus = ?6, note = ?7 WHERE id = ?1
            """,
            [
                .integer(current.id), .text(state.rawValue), .blob(quote.id.bytes), SQLValue(quote.microUSD),
                .integer(credit.micro), .integer(bonus.micro), .text(objection ?? ""),
            ])
        let id = current.journalID(generation: generation)
        try Journal.post(
            try JournalEntry(
                id: id + "/storj", time: now, transfer.amount, from: .chain, to: .exchange, note: "deposit", quote: quote.id),
            in: session)
        if objection != nil {
            try Journal.post(
                try JournalEntry(
                    id: id + "/frozen", time: now, credit, from: .exchange, to: .customerFrozen(current.user.account),
                    note: "deposit held back", quote: quote.id), in: session)
            return true
        }
        try giveBonus(bonus, id: id, to: current.user, at: now, in: session)
        return try CreditDesk.post(
            CreditDesk.Credit(
                id: id + "/usd", user: current.user, amount: credit, source: .exchange, note: "deposit", quote: quote.id,
                time: now), in: session)
    }

    private static func giveBonus(
        _ bonus: USDAmount, id: String, to user: UserID, at now: Timestamp, in session: SQLSession
    ) throws {
        guard bonus > .zero else { return }
        try Journal.post(
            try JournalEntry(
                id: id + "/bonus", time: now, bonus, from: .bonus, to: .customerBonus(user.account), note: "bonus"),
            in: session)
    }

    // MARK: Taking back

    /// Forgets a transfer whose block is gone. What was credited for it is taken back by a counter-entry.
    ///
    /// - Returns: whether something was.
    static func retract(_ deposit: Deposit, at now: Timestamp, in session: SQLSession) throws -> Bool {
        switch deposit.state {
        case .orphaned, .reversed: return false
        case .seen, .unpriced, .ignored:
            try session.execute("UPDATE deposits SET state = 'orphaned' WHERE id = ?1", [.integer(deposit.id)])
            return false
        case .credited, .frozen:
            let generation = try session.first(
                "SELECT COALESCE(SUM(generation), 0) FROM deposits WHERE chain = ?1 AND tx = ?2 AND ordinal = ?3",
                [
                    SQLValue(Int64(clamping: deposit.transfer.chainID)), .blob(deposit.transfer.transaction.bytes),
                    .integer(deposit.ordinal),
                ]
            ) { $0.integer(0) } ?? 0
            let id = deposit.journalID(generation: generation) + "/reversed"
            try Journal.post(
                try JournalEntry(
                    id: id + "/storj", time: now, deposit.transfer.amount, from: .exchange, to: .chain,
                    note: "the deposit's block vanished", quote: deposit.quote), in: session)
            let account: JournalAccount =
                deposit.state == .frozen
                ? .customerFrozen(deposit.user.account) : .customer(deposit.user.account)
            try CreditDesk.takeBack(
                deposit.credit ?? .zero, of: account, user: deposit.user, to: .exchange, id: id + "/usd",
                note: "the deposit's block vanished", quote: deposit.quote, at: now, in: session)
            try CreditDesk.takeBack(
                deposit.bonus ?? .zero, of: .customerBonus(deposit.user.account), user: deposit.user, to: .bonus,
                id: id + "/bonus", note: "the deposit's block vanished", at: now, in: session)
            try session.execute(
                "UPDATE deposits SET state = 'reversed', generation = generation + 1, note = 'its block vanished' WHERE id = ?1",
                [.integer(deposit.id)])
            return true
        }
    }

    // MARK: Held back

    /// Releases a deposit that was held back: it becomes credit, with its bonus.
    ///
    /// - Throws: `BillingError` `.notFound`, `.invalid` for one that is not held back; `DatabaseError`.
    package func release(_ id: Int64) async throws {
        let now = parts.clock.now()
        let percent = settings.bonusPercent
        try await parts.database.write { session in
            let deposit = try session.first(
                "SELECT \(Deposit.columns) FROM deposits WHERE id = ?1", [.integer(id)], Deposit.init)
            guard let deposit else { throw BillingError(.notFound, "there is no deposit \(id)") }
            guard deposit.state == .frozen, let credit = deposit.credit else {
                throw BillingError(.invalid, "deposit \(id) is not held back")
            }
            let bonus = credit.percent(percent) ?? .zero
            let name = "deposit-release/\(id)/\(deposit.generation)"
            try session.execute(
                "UPDATE deposits SET state = 'credited', bonus = ?2, note = 'released' WHERE id = ?1",
                [.integer(id), .integer(bonus.micro)])
            try Self.giveBonus(bonus, id: name, to: deposit.user, at: now, in: session)
            _ = try CreditDesk.post(
                CreditDesk.Credit(
                    id: name + "/usd", user: deposit.user, amount: credit,
                    source: .customerFrozen(deposit.user.account), note: "deposit released", time: now), in: session)
        }
    }
}
