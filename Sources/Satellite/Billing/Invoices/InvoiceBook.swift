package import Accounts
package import Contracts
import Database
import Ledger
import Logging
import StorageModel

/// The invoices: issued once for every customer and month, never changed, put right by others.
package struct InvoiceBook: Sendable {
    private let parts: BillingParts
    private let settings: BillingSettings
    private let meter: UsageMeter

    init(parts: BillingParts, settings: BillingSettings, meter: UsageMeter) {
        self.parts = parts
        self.settings = settings
        self.meter = meter
    }

    // MARK: Reading

    /// A customer's invoices, the newest first, with what is open of each.
    ///
    /// - Throws: `DatabaseError`.
    package func invoices(of user: UserID) async throws -> [(invoice: Invoice, open: USDAmount)] {
        try await parts.database.read { session in
            try session.query(
                """
                SELECT invoices.document, COALESCE(open_invoices.open, 0) FROM invoices
                LEFT JOIN open_invoices ON open_invoices.number = invoices.number
                WHERE invoices.user_id = ?1 ORDER BY invoices.issued_at DESC, invoices.number DESC
                """, [SQLValue(user)]
            ) { (try Invoice(encoded: $0.blob(0)), USDAmount(micro: $0.integer(1))) }
        }
    }

    /// An invoice by its number.
    ///
    /// - Throws: `BillingError.notFound`; `DatabaseError`.
    package func invoice(_ number: String) async throws -> (invoice: Invoice, open: USDAmount) {
        let found = try await parts.database.read { session in
            try session.first(
                """
                SELECT invoices.document, COALESCE(open_invoices.open, 0) FROM invoices
                LEFT JOIN open_invoices ON open_invoices.number = invoices.number WHERE invoices.number = ?1
                """, [.text(number)]
            ) { (try Invoice(encoded: $0.blob(0)), USDAmount(micro: $0.integer(1))) }
        }
        guard let found else { throw BillingError(.notFound, "there is no invoice \(number)") }
        return found
    }

    /// What an invoice of a month would say now; it has no number and nobody owes it.
    ///
    /// - Throws: `DatabaseError`; `BillingError.outOfRange`.
    package func preview(of user: UserID, month: BillingMonth) async throws -> Invoice {
        let lines = try await charges(user, month)
        return try Self.invoice("preview", of: user, month: month, lines: lines, parts: parts)
    }

    // MARK: Issuing

    /// Months that are looked at again when nobody knows where it was left.
    private static let lookBack: UInt32 = 12
    private static let billedMonth = "billed-month"

    /// Issues what is not yet issued of all months up to one: a satellite that was away makes up for it.
    ///
    /// - Throws: `DatabaseError`; `BillingError.outOfRange`.
    package func issue(through last: BillingMonth) async throws {
        let billed = try await parts.database.read { session in
            try session.first("SELECT value FROM billing_counters WHERE name = ?1", [.text(Self.billedMonth)]) {
                UInt32(clamping: $0.integer(0))
            }
        }
        // A month that was billed with a clock that ran ahead says nothing about the months before it.
        let known = min(billed ?? last.number - Self.lookBack, last.number - 1)
        for number in known + 1...last.number {
            if let month = BillingMonth(number: number) { try await issue(month) }
        }
        try await parts.database.write { session in
            try session.execute(
                """
                INSERT INTO billing_counters (name, value) VALUES (?1, ?2)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """, [.text(Self.billedMonth), SQLValue(last.number)])
        }
    }

    /// Issues the invoices of a month that are not yet issued. Months that are not over get none.
    ///
    /// - Throws: `DatabaseError`; `BillingError.outOfRange`.
    package func issue(_ month: BillingMonth) async throws {
        guard parts.clock.now().seconds >= month.end else { return }
        for user in try await parts.accounts.users() {
            guard try await !isIssued(user.id, month) else { continue }
            let charges = try await charges(user.id, month)
            if charges.isEmpty { continue }
            try await issue(charges, to: user.id, month: month)
        }
    }

    private func isIssued(_ user: UserID, _ month: BillingMonth) async throws -> Bool {
        try await parts.database.read { session in try Self.isIssued(user, month, in: session) }
    }

    private static func isIssued(_ user: UserID, _ month: BillingMonth, in session: SQLSession) throws -> Bool {
        try session.first(
            "SELECT 1 FROM invoices WHERE user_id = ?1 AND month = ?2 AND corrects IS NULL",
            [SQLValue(user), SQLValue(month.number)]
        ) { _ in true } ?? false
    }

    private func charges(_ user: UserID, _ month: BillingMonth) async throws -> [InvoiceLine] {
        let usage = try await meter.lines(of: user, month: month)
        guard !usage.isEmpty, let sum = Invoice.sum(usage), sum < settings.minimumMonth,
            let missing = settings.minimumMonth.subtracting(sum)
        else { return usage }
        return usage + [InvoiceLine(.minimum, amount: missing)]
    }

    private func issue(_ charges: [InvoiceLine], to user: UserID, month: BillingMonth) async throws {
        let parts = parts
        let bonusFirst = settings.spendsBonusFirst
        let number = try await parts.database.write { session -> String? in
            guard try !Self.isIssued(user, month, in: session) else { return nil }
            var lines = charges
            lines += try CouponBook.redeem(Invoice.sum(lines) ?? .zero, of: user, month: month, in: session)
            return try Self.save(
                lines, to: user, month: month, corrects: nil, bonusFirst: bonusFirst, parts: parts, in: session)
        }
        if let number { parts.logger.info("invoice issued", metadata: ["invoice": "\(number)"]) }
    }

    // MARK: Correcting

    /// Compares the invoices of a month with what is known now and issues corrections where they differ: orders may be
    /// settled late.
    ///
    /// - Throws: `DatabaseError`; `BillingError.outOfRange`.
    package func correct(_ month: BillingMonth) async throws {
        for user in try await parts.accounts.users() {
            let standing = try await standing(user.id, month)
            guard let first = standing.first else {
                // Nothing was known of this customer when the month was billed.
                let charges = try await charges(user.id, month)
                if !charges.isEmpty { try await issue(charges, to: user.id, month: month) }
                continue
            }
            let now = try await meter.lines(of: user.id, month: month)
            let count = standing.count
            let lines = Self.difference(from: standing, to: now)
            if lines.isEmpty { continue }
            let (parts, bonusFirst) = (parts, settings.spendsBonusFirst)
            let number = try await parts.database.write { session -> String? in
                // Somebody may have corrected meanwhile.
                guard try Self.documents(user.id, month, in: session).count == count else { return nil }
                return try Self.save(
                    lines, to: user.id, month: month, corrects: first, bonusFirst: bonusFirst, parts: parts, in: session)
            }
            if let number { parts.logger.notice("invoice corrected", metadata: ["invoice": "\(number)"]) }
        }
    }

    private func standing(_ user: UserID, _ month: BillingMonth) async throws -> [Invoice] {
        try await parts.database.read { session in try Self.documents(user, month, in: session) }
    }

    /// The invoice of a month, then its corrections.
    private static func documents(_ user: UserID, _ month: BillingMonth, in session: SQLSession) throws -> [Invoice] {
        try session.query(
            """
            SELECT document FROM invoices WHERE user_id = ?1 AND month = ?2
            ORDER BY corrects IS NOT NULL, issued_at, number
            """, [SQLValue(user), SQLValue(month.number)]
        ) { try Invoice(encoded: $0.blob(0)) }
    }

    /// What has to be taken back and what added, so that usage lines say what is known now. Prices stay those of the
    /// lines that are there.
    private static func difference(from documents: [Invoice], to now: [InvoiceLine]) -> [InvoiceLine] {
        var standing: [InvoiceLine] = []
        for line in documents.flatMap(\.lines) where line.kind.isUsage {
            if line.isReversal, let original = line.reversed, let place = standing.firstIndex(of: original) {
                standing.remove(at: place)
            } else {
                standing.append(line)
            }
        }
        var result: [InvoiceLine] = []
        for line in now {
            let place = standing.firstIndex {
                $0.kind == line.kind && $0.project == line.project && $0.bucket == line.bucket
            }
            guard let place else {
                result.append(line)
                continue
            }
            let old = standing.remove(at: place)
            guard old.quantity != line.quantity, let reversed = old.reversed else { continue }
            let corrected = InvoiceLine(
                old.kind, project: old.project, bucket: old.bucket, placement: old.placement, partner: old.partner,
                quantity: line.quantity, price: UsagePrice(microUSD: old.price, unit: old.unit))
            if let corrected { result += [reversed, corrected] }
        }
        return result + standing.compactMap(\.reversed)
    }

    // MARK: Saving

    private static func invoice(
        _ number: String, of user: UserID, month: BillingMonth, corrects: Bytes32? = nil, lines: [InvoiceLine],
        parts: BillingParts
    ) throws -> Invoice {
        let invoice = Invoice(
            number: number, satellite: parts.satellite, customer: user.storage, month: month,
            issuedAt: UInt64(clamping: parts.clock.now().seconds), corrects: corrects, lines: lines)
        guard let invoice else { throw BillingError(.outOfRange, "an invoice's lines add up to more than can be counted") }
        return invoice
    }

    /// Writes a document down with what pays it at once: all in the caller's transaction.
    private static func save(
        _ charges: [InvoiceLine], to user: UserID, month: BillingMonth, corrects: Invoice?, bonusFirst: Bool,
        parts: BillingParts, in session: SQLSession
    ) throws -> String {
        let serial = String(try CustomerBook.count("invoices", in: session) + 1)
        let number = "\(month)-\(String(repeating: "0", count: max(0, 6 - serial.utf8.count)))\(serial)"
        let now = parts.clock.now()
        guard let total = Invoice.sum(charges.filter(\.kind.isCharge)) else {
            throw BillingError(.outOfRange, "an invoice's lines add up to more than can be counted")
        }
        var lines = charges
        let payments =
            total > .zero
            ? try Payment.take(total, from: user, number: number, bonusFirst: bonusFirst, at: now, in: session)
            : try Payment.giveBack(total, to: user, number: number, corrects: corrects, at: now, in: session)
        lines += payments.map(\.line)
        let invoice = try invoice(
            number, of: user, month: month, corrects: corrects?.digest, lines: lines, parts: parts)
        try insert(invoice, user, corrects: corrects?.number, in: session)
        try Payment.record(payments, of: invoice, at: now, in: session)
        if total < .zero { try OpenInvoices.pay(user, at: now, in: session) }
        return number
    }

    private static func insert(_ invoice: Invoice, _ user: UserID, corrects: String?, in session: SQLSession) throws {
        try session.execute(
            """
            INSERT INTO invoices (number, user_id, month, corrects, issued_at, total, due, document, digest)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """,
            [
                .text(invoice.number), SQLValue(user), SQLValue(invoice.month.number), SQLValue(corrects),
                SQLValue(Int64(clamping: invoice.issuedAt) * 1_000_000), .integer(invoice.total.micro),
                .integer(invoice.due.micro), .blob(invoice.encoded), .blob(invoice.digest.bytes),
            ])
        guard invoice.due > .zero else { return }
        try session.execute(
            "INSERT INTO open_invoices (number, user_id, open) VALUES (?1, ?2, ?3)",
            [.text(invoice.number), SQLValue(user), .integer(invoice.due.micro)])
    }

    /// Has open bills paid from what customers have.
    ///
    /// - Throws: `DatabaseError`.
    package func payOpen() async throws {
        let now = parts.clock.now()
        try await parts.database.write { session in
            let users = try session.query("SELECT DISTINCT user_id FROM open_invoices") {
                try $0.id(0, as: UserID.self)
            }
            for user in users { try OpenInvoices.pay(user, at: now, in: session) }
        }
    }
}
