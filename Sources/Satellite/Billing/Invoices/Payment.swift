import Accounts
import Contracts
import Database
import Ledger
import StorageModel

/// What pays an invoice when it is issued, or what a correction gives back.
struct Payment {
    /// Whether it was paid in once, or given.
    let isReal: Bool
    let amount: USDAmount
    let line: InvoiceLine

    /// Takes what there is, up to an amount; nobody's credit falls below zero.
    static func take(
        _ total: USDAmount, from user: UserID, number: String, bonusFirst: Bool, at now: Timestamp, in session: SQLSession
    ) throws -> [Payment] {
        var rest = total.micro
        var payments: [Payment] = []
        for isReal in bonusFirst ? [false, true] : [true, false] {
            let account: JournalAccount = isReal ? .customer(user.account) : .customerBonus(user.account)
            let amount = min(rest, try Journal.balance(of: account, .microUSD, in: session))
            guard amount > 0 else { continue }
            rest -= amount
            try Journal.post(
                try JournalEntry(
                    id: "invoice/\(number)/\(isReal ? "credit" : "bonus")", time: now, USDAmount(micro: amount),
                    from: account, to: isReal ? .revenue : .bonus, note: "pays invoice \(number)"),
                keeping: [account], in: session)
            payments.append(
                Payment(
                    isReal: isReal, amount: USDAmount(micro: amount),
                    line: InvoiceLine(isReal ? .credit : .bonus, amount: USDAmount(micro: -amount))))
        }
        return payments
    }

    /// Gives back what a correction found to be too much: first it makes the corrected bill smaller, then what was paid with
    /// real credit returns as such, and the rest as bonus.
    static func giveBack(
        _ total: USDAmount, to user: UserID, number: String, corrects: Invoice?, at now: Timestamp, in session: SQLSession
    ) throws -> [Payment] {
        guard let corrects, total < .zero else { return [] }
        var rest = -total.micro
        let open = try OpenInvoices.open(corrects.number, in: session)
        let forgiven = min(open, rest)
        if forgiven > 0 { try OpenInvoices.reduce(corrects.number, by: forgiven, in: session) }
        rest -= forgiven
        let real = min(rest, try Self.realPaid(of: corrects.number, in: session))
        if real > 0 {
            try Journal.post(
                try JournalEntry(
                    id: "invoice/\(number)/refund", time: now, USDAmount(micro: real), from: .revenue,
                    to: .customer(user.account), note: "correction \(number)"), in: session)
        }
        if rest > real {
            try Journal.post(
                try JournalEntry(
                    id: "invoice/\(number)/bonus", time: now, USDAmount(micro: rest - real), from: .bonus,
                    to: .customerBonus(user.account), note: "correction \(number)"), in: session)
        }
        let line = InvoiceLine(.refund, amount: USDAmount(micro: -total.micro))
        return [Payment(isReal: true, amount: USDAmount(micro: -real), line: line)]
    }

    /// What was paid for an invoice with real credit, corrections taken off.
    private static func realPaid(of number: String, in session: SQLSession) throws -> Int64 {
        let sum = try session.first(
            """
            SELECT COALESCE(SUM(amount), 0) FROM invoice_payments WHERE is_real = 1 AND invoice IN (
                SELECT number FROM invoices WHERE number = ?1 OR corrects = ?1)
            """, [.text(number)]
        ) { $0.integer(0) }
        return max(0, sum ?? 0)
    }

    /// Writes payments down for the partners' shares: what had been paid before, and after.
    static func record(_ payments: [Payment], of invoice: Invoice, at now: Timestamp, in session: SQLSession) throws {
        for payment in payments {
            try record(payment.amount.micro, isReal: payment.isReal, of: invoice.number, at: now, in: session)
        }
    }

    static func record(
        _ amount: Int64, isReal: Bool, of number: String, at now: Timestamp, in session: SQLSession
    ) throws {
        guard amount != 0 else { return }
        let before = try session.first(
            "SELECT COALESCE(SUM(amount), 0) FROM invoice_payments WHERE invoice = ?1 AND is_real = 1", [.text(number)]
        ) { $0.integer(0) } ?? 0
        try session.execute(
            """
            INSERT INTO invoice_payments (invoice, time, is_real, amount, paid_before, paid_after)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            [
                .text(number), SQLValue(now), SQLValue(isReal), .integer(amount), .integer(before),
                .integer(isReal ? before + amount : before),
            ])
    }
}
