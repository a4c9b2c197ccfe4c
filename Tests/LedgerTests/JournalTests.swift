import Contracts
import Database
import Ethereum
import Ledger
import StorageModel
import TestSupport
import Testing

@Suite struct JournalTests {
    private static let time = TestClock().now
    private static let alice = JournalAccount.customer("alice")

    private static func journal() async throws -> (Journal, Database) {
        let database = try Database.open(.memory)
        let journal = Journal(database: database)
        try await journal.migrate()
        return (journal, database)
    }

    private static func entry(
        _ id: String, _ amount: Int64, from source: JournalAccount = .exchange, to target: JournalAccount = alice
    ) throws -> JournalEntry {
        try JournalEntry(id: id, time: time, USDAmount(micro: amount), from: source, to: target, note: "test")
    }

    @Test func `an entry moves money once however often it is posted`() async throws {
        let (journal, _) = try await Self.journal()
        #expect(try await journal.post(try Self.entry("a", 5)))
        #expect(try await !journal.post(try Self.entry("a", 5)))
        #expect(try await journal.balance(of: Self.alice, .microUSD) == 5)
        #expect(try await journal.balance(of: .exchange, .microUSD) == -5)
        #expect(try await journal.balance(of: Self.alice, .storj) == 0)
        #expect(try await journal.totals() == [.microUSD: 0, .storj: 0])
        let entries = try await journal.entries(of: Self.alice)
        #expect(entries.map(\.entry) == [try Self.entry("a", 5)])
    }

    @Test func `an id stands for one movement for ever`() async throws {
        let (journal, _) = try await Self.journal()
        try await journal.post(try Self.entry("a", 5))
        await #expect(throws: JournalError.idTaken(entry: "a")) { try await journal.post(try Self.entry("a", 6)) }
        await #expect(throws: JournalError.idTaken(entry: "a")) {
            try await journal.post(try Self.entry("a", 5, to: .revenue))
        }
        #expect(try await journal.balance(of: Self.alice, .microUSD) == 5)
    }

    @Test func `what does not balance, overflows or names an account twice is refused whole`() async throws {
        let (journal, _) = try await Self.journal()
        func post(_ postings: [(JournalAccount, Int64)]) async throws {
            try await journal.post(
                JournalEntry(
                    id: "x", time: Self.time, currency: .storj,
                    postings: postings.map { JournalEntry.Posting($0.0, $0.1) }, note: ""))
        }
        await #expect(throws: JournalError.unbalanced(entry: "x")) { try await post([(.pool, 5), (.fees, -4)]) }
        await #expect(throws: JournalError.malformed(entry: "x")) { try await post([(.pool, 0)]) }
        await #expect(throws: JournalError.malformed(entry: "x")) { try await post([(.pool, 5), (.pool, -5)]) }
        await #expect(throws: JournalError.outOfRange(entry: "x")) {
            try await post([(.pool, .max), (.fees, 1), (.wallet, .min)])
        }
        try await journal.post(try Self.entry("full", .max))
        await #expect(throws: JournalError.outOfRange(entry: "more")) {
            try await journal.post(try Self.entry("more", 1))
        }
        #expect(try await journal.balance(of: .pool, .storj) == 0)
        #expect(try await journal.check().isSound)
    }

    @Test func `an account that must not go below zero does not, and nothing of the refused entry stays`() async throws {
        let (journal, _) = try await Self.journal()
        try await journal.post(try Self.entry("in", 5))
        let out = try Self.entry("out", 6, from: Self.alice, to: .revenue)
        await #expect(throws: JournalError.insufficient(entry: "out", account: Self.alice)) {
            try await journal.post(out, keeping: [Self.alice])
        }
        #expect(try await journal.balance(of: Self.alice, .microUSD) == 5)
        #expect(try await journal.balance(of: .revenue, .microUSD) == 0)
        #expect(try await journal.entries(of: .revenue).isEmpty)
    }

    @Test func `a look at everything finds altered postings and balances`() async throws {
        let (journal, database) = try await Self.journal()
        try await journal.post(try Self.entry("a", 5))
        #expect(try await journal.check().isSound)
        #expect(try await journal.check().entryCount == 1)
        try await database.write { try $0.execute("UPDATE journal_balances SET balance = 6 WHERE account = 'fx'") }
        #expect(try await journal.check().wrong == ["balance of fx"])
        try await database.write { try $0.execute("UPDATE journal_postings SET amount = 6 WHERE account = 'fx'") }
        #expect(try await journal.check().wrong == ["entry a"])
        #expect(try await journal.check().totals[.microUSD] == 11)
    }

    @Test func `thousands of random movements leave a total of zero and balances that are the sums of their postings`()
        async throws
    {
        let (journal, database) = try await Self.journal()
        let random = RandomSource.seeded(11)
        let accounts = (0..<10).map { JournalAccount.customer("\($0)") }
        try await database.write { session in
            for number in 0..<3000 {
                let bytes = random.bytes(count: 6)
                let (from, to) = (Int(bytes[0]) % 10, Int(bytes[1]) % 10)
                guard from != to else { continue }
                let amount = Int64(bytes[2]) << 16 | Int64(bytes[3]) << 8 | Int64(bytes[4])
                let entry =
                    bytes[5] & 1 == 0
                    ? try JournalEntry(
                        id: "\(number)", time: Self.time, USDAmount(micro: amount), from: accounts[from], to: accounts[to],
                        note: "")
                    : try JournalEntry(
                        id: "\(number)", time: Self.time, TokenAmount(UInt64(amount)), from: accounts[from],
                        to: accounts[to], note: "")
                try Journal.post(entry, in: session)
            }
        }
        let findings = try await journal.check()
        #expect(findings.isSound)
        #expect(findings.entryCount > 2000)
        #expect(try await journal.balances(prefix: "customer/", .storj).map(\.balance).reduce(0, +) == 0)
        #expect(try await journal.balances(prefix: "customer/1", .storj).map(\.account) == [accounts[1]])
    }
}
