import Contracts
import Database
import Ethereum
import Heartbeats
import Ledger
import Logging
import Overlay
import StorageModel
import Upkeep
import WireMessages

extension StatementKeeper {
    /// A statement that is signed and not stored yet.
    private struct Draft: Sendable {
        let input: StatementInput
        let signed: SignedStatement
        let voucher: SignedVoucher?
    }

    /// Makes, signs and stores the statements of some nodes.
    ///
    /// - Returns: nodes whose statements wait.
    func state(_ nodes: [NodeID], _ period: PeriodRecord, quote: Quote?) async throws -> Set<NodeID> {
        let inputs = try await inputs(nodes, period)
        var waiting: Set<NodeID> = []
        let maker = maker
        var made: [(StatementInput, Statement)] = []
        for input in inputs {
            switch maker.make(input, quote: quote) {
            case .statement(let statement): made.append((input, statement))
            case .nothing: break
            case .waits(let reason):
                parts.logger.debug(
                    "statement waits", metadata: ["node": "\(input.farmer.node)", "reason": "\(reason)"])
                waiting.insert(input.farmer.node)
            }
        }
        let (silent, changed) = try await ask(made.compactMap(\.0.channel))
        waiting.formUnion(silent)
        // Their books were older than what they have: their statements are made again.
        if !changed.isEmpty { waiting.formUnion(try await state(changed.sorted(), period, quote: quote)) }
        var drafts: [Draft] = []
        for (input, statement) in made where !silent.contains(input.farmer.node) && !changed.contains(input.farmer.node) {
            drafts.append(try await sign(statement, input))
        }
        guard !drafts.isEmpty else { return waiting }
        try reached(.signed)
        waiting.formUnion(try await store(drafts))
        try reached(.stored)
        return waiting
    }

    /// Asks farmers for their highest vouchers where this process has not yet.
    ///
    /// - Returns: those that did not answer, for whom no voucher is signed now, and those whose books have changed.
    private func ask(_ records: [ChannelRecord]) async throws -> (silent: Set<NodeID>, changed: Set<NodeID>) {
        let unasked = records.filter { !channels.isAsked($0.id) }
        return try await withThrowingTaskGroup(of: Answer.self) { group in
            var answers: [Answer] = []
            for (index, channel) in unasked.enumerated() {
                if index >= settings.concurrency, let answer = try await group.next() { answers.append(answer) }
                group.addTask { [channels] in
                    do {
                        let isChanged = try await channels.askHighest(channel)
                        return Answer(node: channel.node, isSilent: false, isChanged: isChanged)
                    } catch let error as DatabaseError {
                        throw error
                    } catch {
                        try Task.checkCancellation()
                        return Answer(node: channel.node, isSilent: true, isChanged: false)
                    }
                }
            }
            while let answer = try await group.next() { answers.append(answer) }
            return (
                Set(answers.filter(\.isSilent).map(\.node)), Set(answers.filter(\.isChanged).map(\.node))
            )
        }
    }

    /// What came of asking a farmer.
    private struct Answer: Sendable {
        let node: NodeID
        let isSilent: Bool
        let isChanged: Bool
    }

    private func sign(_ statement: Statement, _ input: StatementInput) async throws -> Draft {
        let signature = try await payment.signer.sign(SignedStatement.signingDigest(statement))
        let signed = SignedStatement(statement: statement, signature: signature)
        // Nothing due needs no voucher.
        guard let channel = input.channel, statement.cumulative > .zero else {
            return Draft(input: input, signed: signed, voucher: nil)
        }
        precondition(statement.cumulative >= channel.promised, "a voucher never promises less than the one before")
        let voucher = Voucher(
            channel: channel.id, cumulative: statement.cumulative, period: statement.period, statement: statement.digest)
        let domain = payment.backend.description.domains.channels
        return Draft(
            input: input, signed: signed,
            voucher: SignedVoucher(voucher: voucher, signature: try await payment.signer.sign(voucher.digest(in: domain))))
    }

    // MARK: Reading

    private func inputs(_ nodes: [NodeID], _ period: PeriodRecord) async throws -> [StatementInput] {
        let since = firstHour(period)
        let facts = Dictionary(
            nodes.compactMap { id in parts.overlay.record(of: id).map { (id, $0) } }, uniquingKeysWith: { first, _ in first })
        let asOf = UInt64(clamping: (period.asOf ?? period.start).seconds)
        return try await database.read { session in
            let before = try PeriodRecord.newest(before: Int64(clamping: period.number), limit: 8, in: session)
                .first { $0.asOf != nil }
            return try nodes.compactMap { node in
                guard let fact = facts[node], let farmer = try Self.farmer(node, fact, in: session) else { return nil }
                let channel = try farmer.channel.flatMap { try ChannelRecord.fetch($0, in: session) }
                return StatementInput(
                    period: period, asOf: asOf, before: before.map { ($0.number, UInt64(clamping: ($0.asOf ?? $0.start).seconds)) },
                    farmer: farmer,
                    channel: channel.flatMap { $0.state == .proposed || $0.state.takesVouchers ? $0 : nil },
                    heartbeat: try NodeHeartbeat.fetch(node, period: period.number, in: session),
                    sheets: try SheetBook.fetch(node, in: session),
                    orders: try PaidHours.unpaid(node, since: since, in: session), joinedAt: BillingMonth(fact.createdAt),
                    hasLeft: fact.exitSucceeded)
            }
        }
    }

    /// Whom to pay for a node: as it registered, or else the wallet it names when it checks in; nil without either.
    private static func farmer(_ node: NodeID, _ fact: NodeRecord, in session: SQLSession) throws -> FarmerRecord? {
        let known = try FarmerRecord.fetch(node, in: session)
        if let known, known.binding != nil { return known }
        // A wallet with a typing mistake is nobody's: the pay waits until it is put right.
        guard let wallet = try? Address(fact.wallet), wallet != .zero else { return known }
        guard var known else { return FarmerRecord(node: node, wallet: wallet) }
        known.wallet = wallet
        return known
    }

    // MARK: Writing

    /// - Returns: nodes whose books have changed since their statements were made.
    private func store(_ drafts: [Draft]) async throws -> Set<NodeID> {
        let now = now
        let overlay = parts.overlay
        let told = Set(
            drafts.map(\.input.farmer.node).filter {
                (overlay.record(of: $0)?.features ?? 0) & NodeFeatures.farmer != 0
            })
        return try await database.write { session in
            var changed: Set<NodeID> = []
            for draft in drafts {
                let node = draft.input.farmer.node
                if try !Self.store(draft, isTold: told.contains(node), now, in: session) { changed.insert(node) }
            }
            return changed
        }
    }

    /// Stores a statement and all that follows from it, unless the books have changed since it was made.
    private static func store(
        _ draft: Draft, isTold: Bool, _ now: Timestamp, in session: SQLSession
    ) throws -> Bool {
        let (input, statement) = (draft.input, draft.signed.statement)
        var farmer = try FarmerRecord.fetch(statement.node, in: session) ?? input.farmer
        guard farmer.lastStatement == input.farmer.lastStatement, farmer.rootCumulative == input.farmer.rootCumulative,
            farmer.channel == input.farmer.channel
        else { return false }
        if let expected = input.channel {
            guard var channel = try ChannelRecord.fetch(expected.id, in: session), channel.promised == expected.promised
            else { return false }
            channel.promised = statement.cumulative
            channel.voucher = draft.voucher ?? channel.voucher
            if channel.state == .active || channel.state == .paused {
                channel.state = statement.heartbeat.map { $0.outcome == .passed || $0.outcome == .void } ?? true ? .active : .paused
            }
            try channel.save(in: session)
        } else {
            farmer.rootCumulative = statement.cumulative
            farmer.wallet = statement.farmer
            try RootAmounts.add(statement.amount, to: statement.farmer, in: session)
        }
        farmer.lastStatement = statement.digest
        farmer.lastPeriod = UInt64(statement.period)
        farmer.lastUntil = statement.until
        farmer.balance.held = farmer.balance.held.adding(statement.held) ?? farmer.balance.held
        farmer.balance.disposed = farmer.balance.disposed.adding(statement.disposed) ?? farmer.balance.disposed
        try farmer.save(in: session)
        try PaidHours.mark(statement.node, statement.hours, period: farmer.lastPeriod, in: session)
        try StatementRecord(
            signed: draft.signed, voucher: draft.voucher, state: isTold ? .waiting : .published, nextAttempt: now
        ).insert(in: session)
        try post(statement, now, in: session)
        return true
    }

    /// What the farmer earned is a cost; what is kept back, and given back, moves between the farmer's accounts.
    private static func post(_ statement: Statement, _ now: Timestamp, in session: SQLSession) throws {
        guard let amount = Int64(exactly: statement.amount.units), let held = Int64(exactly: statement.held.units),
            let disposed = Int64(exactly: statement.disposed.units), amount > 0 || held > 0 || disposed > 0
        else { return }
        var postings: [JournalEntry.Posting] = []
        let cost = disposed - held - amount
        if cost != 0 { postings.append(JournalEntry.Posting(.farmersCost, cost)) }
        if amount != 0 { postings.append(JournalEntry.Posting(.farmerOwed(statement.farmer), amount)) }
        if held != disposed { postings.append(JournalEntry.Posting(.farmerHeld(statement.farmer), held - disposed)) }
        guard postings.count >= 2 else { return }
        let entry = JournalEntry(
            id: "statement/\(statement.period)/\(statement.node)", time: now, currency: .storj, postings: postings,
            note: "statement", quote: statement.quote?.id)
        _ = try Journal.post(entry, in: session)
    }
}
