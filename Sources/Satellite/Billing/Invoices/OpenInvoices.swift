import Accounts
import Contracts
import Database
import Ledger
import StorageModel

/// Bills that are not paid, or not wholly: they are paid as soon as there is credit. The documents stay what they are.
enum OpenInvoices {
    /// What is open of an invoice, in millionths of a dollar.
    static func open(_ number: String, in session: SQLSession) throws -> Int64 {
        try session.first("SELECT open FROM open_invoices WHERE number = ?1", [.text(number)]) { $0.integer(0) } ?? 0
    }

    /// Makes less of it open; a bill of which nothing is open is paid.
    static func reduce(_ number: String, by amount: Int64, in session: SQLSession) throws {
        try session.execute(
            "UPDATE open_invoices SET open = open - ?2 WHERE number = ?1", [.text(number), .integer(amount)])
        try session.execute("DELETE FROM open_invoices WHERE number = ?1 AND open <= 0", [.text(number)])
    }

    /// Pays a customer's bills, the oldest first, from what the customer has: real credit, then what was given.
    static func pay(_ user: UserID, at now: Timestamp, in session: SQLSession) throws {
        let bills = try session.query(
            """
            SELECT open_invoices.number, open FROM open_invoices JOIN invoices ON invoices.number = open_invoices.number
            WHERE open_invoices.user_id = ?1 ORDER BY invoices.issued_at, invoices.number
            """, [SQLValue(user)]
        ) { ($0.text(0), $0.integer(1)) }
        for (number, open) in bills {
            var rest = open
            for isReal in [true, false] {
                rest -= try pay(number, rest, of: user, isReal: isReal, at: now, in: session)
            }
            // What is left waits for more credit, and so do the bills behind it.
            if rest > 0 { return }
        }
    }

    private static func pay(
        _ number: String, _ open: Int64, of user: UserID, isReal: Bool, at now: Timestamp, in session: SQLSession
    ) throws -> Int64 {
        let account: JournalAccount = isReal ? .customer(user.account) : .customerBonus(user.account)
        let amount = min(open, try Journal.balance(of: account, .microUSD, in: session))
        guard amount > 0 else { return 0 }
        let count = try session.first(
            "SELECT COUNT(*) FROM invoice_payments WHERE invoice = ?1", [.text(number)]
        ) { $0.integer(0) } ?? 0
        try Journal.post(
            try JournalEntry(
                id: "invoice/\(number)/payment/\(count + 1)", time: now, USDAmount(micro: amount), from: account,
                to: isReal ? .revenue : .bonus, note: "pays invoice \(number)"),
            keeping: [account], in: session)
        try Payment.record(amount, isReal: isReal, of: number, at: now, in: session)
        try reduce(number, by: amount, in: session)
        return amount
    }
}
