import Accounts
import Contracts
import Database
import Ledger
import StorageModel

/// Credits and charges customers inside a caller's transaction; nobody's credit ever falls below zero.
enum CreditDesk {
    /// Where credit comes from.
    struct Credit {
        let id: String
        let user: UserID
        let amount: USDAmount
        let source: JournalAccount
        let note: String
        var quote: Bytes32?
        let time: Timestamp
    }

    /// Writes a credit down, and pays with it what the customer owes: reversed deposits first, then bills, the oldest first.
    ///
    /// - Returns: whether it is new.
    static func post(_ credit: Credit, in session: SQLSession) throws -> Bool {
        let account = JournalAccount.customer(credit.user.account)
        let entry = try JournalEntry(
            id: credit.id, time: credit.time, credit.amount, from: credit.source, to: account, note: credit.note,
            quote: credit.quote)
        guard try Journal.post(entry, in: session) else { return false }
        try settleOwing(credit, in: session)
        try OpenInvoices.pay(credit.user, at: credit.time, in: session)
        return true
    }

    private static func settleOwing(_ credit: Credit, in session: SQLSession) throws {
        let owing = JournalAccount.customerOwing(credit.user.account)
        let open = try Journal.balance(of: owing, .microUSD, in: session)
        let balance = try Journal.balance(of: .customer(credit.user.account), .microUSD, in: session)
        let amount = min(-open, balance)
        guard amount > 0 else { return }
        try Journal.post(
            try JournalEntry(
                id: credit.id + "/owing", time: credit.time, USDAmount(micro: amount),
                from: .customer(credit.user.account), to: owing, note: "makes up for a reversed deposit"),
            keeping: [.customer(credit.user.account)], in: session)
    }

    /// Takes back what was credited: what is still there from the accounts, the rest as a debt.
    static func takeBack(
        _ amount: USDAmount, of account: JournalAccount, user: UserID, to target: JournalAccount, id: String, note: String,
        quote: Bytes32? = nil, at time: Timestamp, in session: SQLSession
    ) throws {
        guard amount > .zero else { return }
        let there = max(0, min(amount.micro, try Journal.balance(of: account, .microUSD, in: session)))
        var postings = [JournalEntry.Posting(target, amount.micro)]
        if there > 0 { postings.append(JournalEntry.Posting(account, -there)) }
        if amount.micro > there {
            postings.append(JournalEntry.Posting(.customerOwing(user.account), there - amount.micro))
        }
        let entry = JournalEntry(id: id, time: time, currency: .microUSD, postings: postings, note: note, quote: quote)
        try Journal.post(entry, keeping: [account], in: session)
    }
}
