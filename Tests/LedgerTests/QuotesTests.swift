import Contracts
import Database
import Foundation
import Ledger
import Logging
import StorageModel
import Synchronization
import TestSupport
import Testing

@Suite struct QuotesTests {
    private static let now: UInt64 = 1_767_225_600
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A source whose answer a test turns.
    private final class Turnable: QuoteSource {
        let name: String
        let answer: Mutex<(price: UInt64, age: Int64)?>

        init(_ name: String, _ price: UInt64?, age: Int64 = 0) {
            self.name = name
            answer = Mutex(price.map { ($0, age) })
        }

        func quote(at seconds: UInt64) async throws -> Quote? {
            guard let (price, age) = answer.withLock({ $0 }) else { throw QuoteError.unreachable(source: name, reason: "gone") }
            return Quote(microUSD: price, time: UInt64(Int64(seconds) - age), source: Quote.label(name))
        }
    }

    private static func median(_ sources: [Turnable], minimumCount: Int = 1) async throws -> UInt64? {
        try await MedianQuotes(sources, minimumCount: minimumCount, logger: logger).quote(at: now)?.microUSD
    }

    @Test func `the median stands whoever lies, fails or sleeps`() async throws {
        let (low, middle, high) = (Turnable("low", 240_000), Turnable("middle", 250_000), Turnable("high", 9_000_000_000))
        #expect(try await Self.median([low, middle, high]) == 250_000)
        #expect(try await Self.median([low, middle]) == 245_000)
        #expect(try await Self.median([low, Turnable("gone", nil)]) == 240_000)
        #expect(try await Self.median([low, Turnable("old", 1, age: 301)]) == 240_000)
        #expect(try await Self.median([low, Turnable("future", 1, age: -301)]) == 240_000)
        #expect(try await Self.median([low, Turnable("nonsense", 0), Turnable("absurd", .max)]) == 240_000)
    }

    @Test func `no price is guessed when all sources are gone or too few are left`() async throws {
        #expect(try await Self.median([Turnable("gone", nil), Turnable("old", 1, age: 301)]) == nil)
        #expect(try await Self.median([]) == nil)
        #expect(try await Self.median([Turnable("one", 5), Turnable("gone", nil)], minimumCount: 2) == nil)
    }

    @Test func `a file's newest line that is not too old counts`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "prices")
            let quotes = FileQuotes(path: file.path)
            await #expect(throws: QuoteError.self) { try await quotes.quote(at: Self.now) }
            try Data("# STORJ\n\(Self.now - 60) 0.2517\n\(Self.now - 120) 0.3\n\(Self.now + 1) 9\n".utf8).write(to: file)
            let quote = try await quotes.quote(at: Self.now)
            #expect(quote?.microUSD == 251_700)
            #expect(quote?.time == Self.now - 60)
            #expect(try await quotes.quote(at: Self.now + 300 + 2)?.microUSD == nil)
            #expect(try await quotes.quote(at: Self.now - 121) == nil)
            for line in ["x 0.2", "5", "5 -1", "5 1e3", "5 0.25 7"] {
                try Data(line.utf8).write(to: file)
                await #expect(throws: QuoteError.self) { try await quotes.quote(at: Self.now) }
            }
        }
    }

    @Test func `a web address that nobody answers at gives no price, and only the present is asked of it`() async throws {
        let clock = TestClock()
        let quotes = HTTPQuotes(
            url: "http://127.0.0.1:1/price", path: ["data", "amount"], timeout: .milliseconds(200), clock: clock.wallClock, name: "web")
        await #expect(throws: QuoteError.self) { try await quotes.quote(at: Self.now) }
        #expect(try await quotes.quote(at: Self.now - 301) == nil)
    }

    @Test func `a book answers for the past what was the price then, and nothing where nothing was written`() async throws {
        let clock = TestClock()
        let start = UInt64(clock.now.seconds)
        let source = Turnable("s", 250_000)
        let book = QuoteBook(source, database: try Database.open(.memory), clock: clock.wallClock)
        try await book.migrate()
        let first = try #require(try await book.record())
        clock.advance(by: .seconds(120))
        source.answer.withLock { $0 = (300_000, 0) }
        let second = try #require(try await book.record())
        #expect(second.sequence > first.sequence)
        #expect(try await book.quote(at: start + 119) == first)
        #expect(try await book.quote(at: start + 120) == second)
        #expect(try await book.quote(at: start - 1) == nil)
        clock.advance(by: .seconds(3600))
        source.answer.withLock { $0 = nil }
        #expect(try await book.quote(at: start + 120 + 300) == second)
        #expect(try await book.quote(at: start + 120 + 301) == nil)
        await #expect(throws: QuoteError.self) { try await book.quote(at: UInt64(clock.now.seconds)) }
    }

    @Test func `a clock that jumps back does not make a later price an earlier one`() async throws {
        let clock = TestClock()
        let start = UInt64(clock.now.seconds)
        let source = Turnable("s", 250_000)
        let book = QuoteBook(source, database: try Database.open(.memory), clock: clock.wallClock)
        try await book.migrate()
        clock.advance(by: .seconds(86400))
        source.answer.withLock { $0 = (900_000, 0) }
        try await book.record()
        clock.advance(by: .seconds(-86400))
        source.answer.withLock { $0 = (250_000, 0) }
        #expect(try await book.quote(at: start)?.microUSD == 250_000)
    }
}
