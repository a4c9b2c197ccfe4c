package import GatewayRecords
package import Logging
package import StorageModel

/// Brings messages from the outbox to their receivers: each in order of its time, again and again with growing pauses
/// until it is taken, at most `maximumAttempts` times.
package struct EventDelivery: Sendable {
    /// With the pauses below: given up after about three days.
    package static let maximumAttempts = 40
    /// Messages looked at in one round; a round is repeated until nothing is due.
    private static let roundSize = 64
    private static let longestPause = Duration.seconds(2 * 60 * 60)

    let outbox: EventOutbox
    let webhooks: [String: Webhook]
    let clock: WallClock
    let logger: Logger
    let send: @Sendable (Webhook, [UInt8]) async -> Bool

    /// - Parameter send: hands a message over; whether its receiver took it.
    package init(
        outbox: EventOutbox, webhooks: [Webhook], clock: WallClock, logger: Logger,
        send: @escaping @Sendable (Webhook, [UInt8]) async -> Bool
    ) {
        self.outbox = outbox
        self.webhooks = Dictionary(webhooks.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.clock = clock
        self.logger = logger
        self.send = send
    }

    /// Sends all that is due. A chore's work.
    package func deliver() async throws {
        while !Task.isCancelled {
            let due = try await outbox.due(at: clock.now(), limit: Self.roundSize)
            var failed: Set<String> = []
            for event in due {
                try Task.checkCancellation()
                try await deliver(event, isFailing: failed.contains(event.target), failed: &failed)
            }
            if due.count < Self.roundSize { return }
        }
    }

    private func deliver(_ event: OutboxEvent, isFailing: Bool, failed: inout Set<String>) async throws {
        guard let webhook = webhooks[event.target], event.attempts < Self.maximumAttempts else {
            logger.warning("an event is given up", metadata: ["target": "\(event.target)", "id": "\(event.id)"])
            return try await outbox.remove(event.id)
        }
        // A receiver that just failed is not made to time out once per message of a round.
        if !isFailing, await send(webhook, event.payload) { return try await outbox.remove(event.id) }
        if !isFailing {
            failed.insert(event.target)
            logger.debug("an event's receiver does not take it", metadata: ["target": "\(event.target)"])
        }
        try await outbox.postpone(event.id, until: Self.nextAttempt(after: event.attempts, now: clock.now()))
    }

    /// One second after the first failure, doubling up to two hours.
    static func nextAttempt(after attempts: Int, now: Timestamp) -> Timestamp {
        now.advanced(by: min(.seconds(1 << min(max(attempts, 0), 20)), longestPause))
    }
}
