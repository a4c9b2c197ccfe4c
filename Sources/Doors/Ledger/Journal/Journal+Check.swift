import Database

extension Journal {
    /// What a look at the whole journal found.
    package struct Findings: Hashable, Sendable {
        /// The sum of all balances by currency: zero, or something is wrong.
        package var totals: [JournalEntry.Currency: Int64] = [:]
        /// Entries looked at.
        package var entryCount = 0
        /// Entries whose postings do not add up to zero, and accounts whose balance is not the sum of their postings.
        package var wrong: [String] = []

        /// Whether everything adds up.
        package var isSound: Bool { wrong.isEmpty && totals.values.allSatisfy { $0 == 0 } }
    }

    /// The sum of all balances by currency: zero for each, always.
    ///
    /// - Throws: `DatabaseError`.
    package func totals() async throws -> [JournalEntry.Currency: Int64] { try await check().totals }

    /// Adds everything up again, from the postings.
    ///
    /// - Throws: `DatabaseError`.
    package func check() async throws -> Findings {
        try await database.read { session in
            var findings = Findings()
            var sums: [JournalEntry.Currency: [String: Int64]] = [:]
            var current: (number: Int64, id: String, sum: Int64)?
            func close() {
                guard let entry = current else { return }
                findings.entryCount += 1
                if entry.sum != 0 { findings.wrong.append("entry \(entry.id)") }
            }
            try session.each(
                """
                SELECT number, id, currency, account, amount FROM journal_entries
                JOIN journal_postings ON entry = number ORDER BY number
                """
            ) { row in
                if current?.number != row.integer(0) {
                    close()
                    current = (row.integer(0), row.text(1), 0)
                }
                guard let currency = JournalEntry.Currency(rawValue: row.int(2)) else { return true }
                // Wraps on purpose: what was posted was checked, and what was altered shows anyway.
                current?.sum &+= row.integer(4)
                sums[currency, default: [:]][row.text(3), default: 0] &+= row.integer(4)
                return true
            }
            close()
            for currency in JournalEntry.Currency.allCases { findings.totals[currency] = 0 }
            try session.each("SELECT account, currency, balance FROM journal_balances") { row in
                guard let currency = JournalEntry.Currency(rawValue: row.int(1)) else { return true }
                findings.totals[currency, default: 0] &+= row.integer(2)
                if sums[currency]?.removeValue(forKey: row.text(0)) != row.integer(2) {
                    findings.wrong.append("balance of \(row.text(0))")
                }
                return true
            }
            findings.wrong += sums.values.flatMap(\.keys).sorted().map { "balance of \($0)" }
            return findings
        }
    }
}
