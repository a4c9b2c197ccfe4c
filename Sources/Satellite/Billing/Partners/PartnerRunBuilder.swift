import Contracts
import Database
import Ethereum
import Ledger
import StorageModel

/// Makes a month's statements from what was paid, inside one transaction with their journal entries.
///
/// Two partners with one wallet would share a leaf: the wallet of the one that registered later is refused in the run, and
/// what it is owed is carried.
struct PartnerRunBuilder: Sendable {
    let month: BillingMonth
    let satellite: NodeID
    let payer: Address
    let percent: UInt32
    let minimum: USDAmount
    /// The price to pay at; nil pays nothing now.
    let quote: Quote?
    let now: Timestamp

    func build(in session: SQLSession) throws {
        let lines = try paidLines(in: session)
        let tree = PaidLineTree(lines)
        var drafts: [PartnerStatement] = []
        var amounts: [Address: TokenAmount] = [:]
        for partner in try PartnerBook.all(in: session) {
            let draft = try draft(partner, lines, tree, isWalletFree: amounts[partner.wallet] == nil, in: session)
            drafts.append(draft)
            if draft.cumulative > .zero { amounts[partner.wallet] = max(amounts[partner.wallet] ?? .zero, draft.cumulative) }
        }
        // Wallets that partners had before keep what they were owed there.
        for (wallet, cumulative) in try formerWallets(in: session) where amounts[wallet] == nil { amounts[wallet] = cumulative }
        let payouts = PayoutTree(amounts)
        var total = TokenAmount.zero
        for amount in amounts.values {
            guard let sum = total.adding(amount) else { throw BillingError(.outOfRange, "partners are owed too much") }
            total = sum
        }
        for draft in drafts { try save(draft, payouts, in: session) }
        try session.execute(
            """
            INSERT INTO partner_runs (month, root, payout_root, total, wallets, state)
            VALUES (?1, ?2, ?3, ?4, ?5, 'prepared')
            """,
            [
                SQLValue(month.number), .blob(tree.root.bytes), .blob((payouts?.root ?? Bytes32()).bytes),
                SQLValue(Int64(clamping: total.units)), SQLValue(amounts.count),
            ])
        try session.execute(
            "UPDATE invoice_payments SET partner_run = ?1 WHERE partner_run IS NULL AND time < ?2",
            [SQLValue(month.number), .integer(month.end * 1_000_000)])
    }

    /// The lines of all invoices that something real was paid of, up to the month's end and in no run before.
    private func paidLines(in session: SQLSession) throws -> [PaidLine] {
        try session.query(
            """
            SELECT document, paid_before, paid_after FROM invoice_payments
            JOIN invoices ON invoices.number = invoice_payments.invoice
            WHERE partner_run IS NULL AND invoice_payments.time < ?1 AND is_real = 1 ORDER BY position
            """, [.integer(month.end * 1_000_000)]
        ) { row -> [PaidLine] in
            let invoice = try Invoice(encoded: row.blob(0))
            let digest = invoice.digest
            return invoice.lines.indices.compactMap { index in
                PaidLine(
                    invoice: invoice, digest: digest, index: index, paidBefore: USDAmount(micro: row.integer(1)),
                    paidAfter: USDAmount(micro: row.integer(2)))
            }
        }.flatMap { $0 }
    }

    private func draft(
        _ partner: Partner, _ lines: [PaidLine], _ tree: PaidLineTree, isWalletFree: Bool, in session: SQLSession
    ) throws -> PartnerStatement {
        let carried = USDAmount(micro: try Journal.balance(of: .partner(partner.id), .microUSD, in: session))
        var owed = carried
        var own: [PartnerStatement.Line] = []
        for (position, line) in lines.enumerated() where line.partner == partner.id {
            guard let share = line.share(percent: percent), let sum = owed.adding(share) else {
                throw BillingError(.outOfRange, "an invoice contradicts its payments")
            }
            owed = sum
            own.append(PartnerStatement.Line(paid: line, share: share, path: tree.path(of: position)))
        }
        let before = try cumulative(of: partner.wallet, in: session)
        let price = isWalletFree && owed >= max(minimum, USDAmount(micro: 1)) ? quote : nil
        let paid = price?.storj(for: owed) ?? .zero
        guard let cumulative = before.adding(paid) else { throw BillingError(.outOfRange, "a partner is owed too much") }
        return PartnerStatement(
            satellite: satellite, payer: payer, partner: partner.id, wallet: partner.wallet, month: month,
            issuedAt: UInt64(clamping: now.seconds), percent: percent, lines: own, carried: carried, owed: owed,
            quote: paid > .zero ? price : nil, paid: paid, cumulative: isWalletFree ? cumulative : .zero, root: tree.root,
            payoutPath: [])
    }

    /// All that was ever paid to a wallet.
    private func cumulative(of wallet: Address, in session: SQLSession) throws -> TokenAmount {
        try session.first(
            "SELECT COALESCE(SUM(paid), 0) FROM partner_statements WHERE wallet = ?1", [.blob(wallet.bytes)]
        ) { TokenAmount(UInt64(clamping: $0.integer(0))) } ?? .zero
    }

    private func formerWallets(in session: SQLSession) throws -> [(Address, TokenAmount)] {
        try session.query("SELECT wallet, SUM(paid) FROM partner_statements GROUP BY wallet HAVING SUM(paid) > 0") { row in
            guard let wallet = Address(row.blob(0)) else { throw DatabaseError(.corrupt, "a partner's wallet") }
            return (wallet, TokenAmount(UInt64(clamping: row.integer(1))))
        }
    }

    private func save(_ draft: PartnerStatement, _ payouts: PayoutTree?, in session: SQLSession) throws {
        var statement = draft
        if statement.cumulative > .zero { statement.payoutPath = payouts?.path(of: statement.wallet) ?? [] }
        let id = "partner/\(statement.partner)/\(month)"
        let account = JournalAccount.partner(statement.partner)
        if let earned = statement.owed.subtracting(statement.carried), earned != .zero {
            try Journal.post(
                try JournalEntry(
                    id: id + "/share", time: now, earned, from: .partnersCost, to: account,
                    note: "share of what customers paid"), in: session)
        }
        if let quote = statement.quote {
            try Journal.post(
                try JournalEntry(
                    id: id + "/usd", time: now, statement.owed, from: account, to: .exchange, note: "payout", quote: quote.id),
                keeping: [account], in: session)
            try Journal.post(
                try JournalEntry(
                    id: id + "/storj", time: now, statement.paid, from: .exchange, to: .pool, note: "payout", quote: quote.id),
                in: session)
        }
        try session.execute(
            """
            INSERT INTO partner_statements (partner, month, wallet, owed, paid, cumulative, document)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            [
                .text(statement.partner), SQLValue(month.number), .blob(statement.wallet.bytes),
                .integer(statement.owed.micro), SQLValue(Int64(clamping: statement.paid.units)),
                SQLValue(Int64(clamping: statement.cumulative.units)), .blob(statement.encoded),
            ])
    }
}
