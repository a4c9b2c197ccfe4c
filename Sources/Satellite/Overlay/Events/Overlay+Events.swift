import Database
import Logging
import StorageModel
import Synchronization

extension Overlay {
    /// Events handed to senders at once.
    static let maximumEventsAtOnce = 100

    /// Says who is told of events; replaces whoever was. Without anybody, events are kept and count as sent.
    package func setEventSenders(_ senders: [any NodeEventSender]) {
        state.withLock { $0.eventSenders = senders }
    }

    /// Who is told of events by the settings.
    func eventSenders() throws(OverlayError) -> [any NodeEventSender] {
        let rule = settings.events
        var senders: [any NodeEventSender] = [LogEventSender(logger: logger)]
        if !rule.webhook.isEmpty {
            senders.append(try WebhookEventSender(url: rule.webhook, timeout: rule.timeout, sleeper: sleeper))
        }
        if !rule.mailCommand.isEmpty {
            senders.append(
                try MailEventSender(
                    command: rule.mailCommand, sender: rule.mailSender, timeout: rule.timeout, sleeper: sleeper))
        }
        return senders
    }

    /// Hands events to all senders; those that did not reach all of them come again, some times.
    ///
    /// - Throws: `DatabaseError`; `CancellationError`.
    func deliverEvents() async throws {
        let now = clock.now()
        let senders = state.withLock { $0.eventSenders }
        // Everything tried in this run has been tried at `now`: the loop ends when nothing older is left.
        let before = now.advanced(by: .zero - settings.events.retryInterval)
        while true {
            let events = try await database.read {
                try NodeEvent.fetchUnsent(triedBefore: before, limit: Self.maximumEventsAtOnce, in: $0)
            }
            if events.isEmpty { return }
            let hasArrived = try await send(events, to: senders)
            let givenUp = hasArrived ? [] : events.filter { $0.attempts + 1 >= settings.events.attempts }.map(\.id)
            let others = events.map(\.id).filter { !givenUp.contains($0) }
            try await database.write { session in
                try NodeEvent.markAttempt(others, isDone: hasArrived, at: now, in: session)
                try NodeEvent.markAttempt(givenUp, isDone: true, at: now, in: session)
            }
            if !givenUp.isEmpty {
                logger.error("events of nodes could not be delivered", metadata: ["count": "\(givenUp.count)"])
            }
        }
    }

    private func send(_ events: [NodeEvent], to senders: [any NodeEventSender]) async throws -> Bool {
        var hasArrived = true
        for sender in senders {
            do {
                try await sender.send(events)
            } catch let error as CancellationError {
                throw error
            } catch {
                hasArrived = false
                logger.warning(
                    "events of nodes did not arrive", metadata: ["sender": "\(sender.name)", "error": "\(error)"])
            }
        }
        return hasArrived
    }
}
