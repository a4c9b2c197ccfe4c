package import Logging
package import StorageModel

/// Looks at the node now and then, and tells the farmer what is the matter, until somebody has heard it.
package struct AlertKeeper: Sendable {
    /// Sends one message; throws what keeps it from arriving, in words.
    package typealias Sending = @Sendable (AlertMessage) async throws -> Void

    /// Between two looks.
    package static let interval = Duration.seconds(60)
    /// After this a message is given up: it is no news any more.
    private static let longestDelay = Duration.seconds(3 * 86_400)
    private static let longestPause: Int64 = 6 * 3600

    package let book: AlertBook
    private let node: NodeID
    private let ways: [AlertWay: Sending]
    private let clock: WallClock
    private let logger: Logger
    private let look: @Sendable () async throws -> [HealthFinding]

    /// - Parameters:
    ///   - ways: how each way sends; what stands is kept also without any, for the page.
    ///   - look: what is the matter now.
    package init(
        book: AlertBook, node: NodeID, ways: [AlertWay: Sending], clock: WallClock, logger: Logger,
        look: @escaping @Sendable () async throws -> [HealthFinding]
    ) {
        self.book = book
        self.node = node
        self.ways = ways
        self.clock = clock
        self.logger = logger
        self.look = look
    }

    /// One look, and whatever is due then.
    ///
    /// - Throws: `DatabaseError`; what looking throws.
    package func run() async throws {
        let now = clock.now()
        let (standing, messages) = AlertRules.judge(try await look(), standing: try await book.standing(), node: node, at: now)
        try await book.keep(standing, messages: messages, ways: sorted, at: now)
        for message in messages {
            logger.warning("alert", metadata: ["about": "\(message.kind)", "text": "\(message.subject)"])
        }
        try await deliver()
    }

    /// Sends a message that says nothing, by every way, at once.
    ///
    /// - Throws: `DatabaseError`.
    package func test() async throws {
        let now = clock.now()
        try await book.keep(try await book.standing(), messages: [.test(node: node, at: now)], ways: sorted, at: now)
        try await deliver()
    }

    private var sorted: [AlertWay] { AlertWay.allCases.filter { ways[$0] != nil } }

    private func deliver() async throws {
        let now = clock.now()
        for delivery in try await book.due(at: now) {
            guard let send = ways[delivery.way] else {
                try await book.note(delivery, sentAt: nil, nextAt: nil, problem: "this way is not set any more")
                continue
            }
            do {
                try await send(delivery.message)
                try await book.note(delivery, sentAt: clock.now(), nextAt: nil, problem: "")
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                let age = now.duration(since: Timestamp(microseconds: delivery.message.time * 1_000_000))
                let pause = Duration.seconds(min(Self.longestPause, 60 << min(Int64(delivery.attempts), 10)))
                try await book.note(
                    delivery, sentAt: nil, nextAt: age < Self.longestDelay ? now.advanced(by: pause) : nil, problem: "\(error)")
            }
        }
    }
}
