import Database
import Foundation
import Logging
import StorageModel
import StorjShare
import Synchronization
import TestSupport
import Testing

@Suite struct AlertKeeperTests {
    private static let node = NodeID(Array(repeating: 7, count: 32))!
    private static let full = HealthFinding("disk/full", .warning, "There is no room.", advice: "Make some.", path: "/space")

    /// A receiver that refuses as often as it is told to.
    private final class Receiver: Sendable {
        struct Away: Error, CustomStringConvertible { let description = "nobody is there" }
        let state = Mutex<(refusals: Int, taken: [String])>((0, []))

        func take(_ message: AlertMessage) throws {
            try state.withLock { state in
                if state.refusals > 0 {
                    state.refusals -= 1
                    throw Away()
                }
                state.taken.append("\(message.occasion.rawValue) \(message.kind)")
            }
        }

        var taken: [String] { state.withLock { $0.taken } }
    }

    private static func keeper(_ book: AlertBook, _ receiver: Receiver, _ clock: TestClock, _ findings: [HealthFinding]) -> AlertKeeper {
        AlertKeeper(
            book: book, node: node, ways: [.webhook: { try receiver.take($0) }], clock: clock.wallClock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { findings }
    }

    private static func with(_ body: (AlertBook, Receiver, TestClock) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let database = try Database.open(.file(path: folder.appending(path: "node.db").path))
            try await body(AlertBook.open(database), Receiver(), TestClock())
            try database.close()
        }
    }

    @Test func `a receiver that was away hears of it later, once, also after a restart`() async throws {
        try await Self.with { book, receiver, clock in
            receiver.state.withLock { $0.refusals = 2 }
            for _ in 0..<2 {
                try await Self.keeper(book, receiver, clock, [Self.full]).run()
                clock.advance(by: .seconds(60))
            }
            #expect(receiver.taken.isEmpty)
            #expect(try await book.recent(10).map(\.problem) == ["nobody is there"])
            // Each look is another keeper's: only the book knows what was told.
            for _ in 0..<5 {
                clock.advance(by: .seconds(60))
                try await Self.keeper(book, receiver, clock, [Self.full]).run()
            }
            #expect(receiver.taken == ["began disk/full"])
            #expect(try await book.recent(10).map { $0.sentAt != nil } == [true])
        }
    }

    @Test func `what nobody takes for three days is given up`() async throws {
        try await Self.with { book, receiver, clock in
            receiver.state.withLock { $0.refusals = .max }
            try await Self.keeper(book, receiver, clock, []).test()
            for _ in 0..<40 {
                clock.advance(by: .seconds(3 * 3600))
                try await Self.keeper(book, receiver, clock, []).run()
            }
            let attempts = try #require(try await book.recent(1).first).attempts
            #expect(try await book.due(at: clock.wallClock.now().advanced(by: .seconds(86_400))).isEmpty)
            clock.advance(by: .seconds(86_400))
            try await Self.keeper(book, receiver, clock, []).run()
            #expect(try await book.recent(1).first?.attempts == attempts)
        }
    }

    @Test func `a way that is not set any more keeps nothing waiting`() async throws {
        try await Self.with { book, receiver, clock in
            receiver.state.withLock { $0.refusals = 1 }
            try await Self.keeper(book, receiver, clock, []).test()
            clock.advance(by: .seconds(3600))
            let silent = AlertKeeper(
                book: book, node: Self.node, ways: [:], clock: clock.wallClock,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ) { [] }
            try await silent.run()
            #expect(try await book.due(at: clock.wallClock.now().advanced(by: .seconds(86_400))).isEmpty)
        }
    }
}
