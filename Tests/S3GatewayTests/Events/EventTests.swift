import Crypto
import Database
import Foundation
import GatewayRecords
import HTTPTypes
import Logging
import S3Gateway
import S3Protocol
import SatelliteTesting
import StorageModel
import Synchronization
import TestSupport
import Testing

@Suite struct EventTests {
    private let place = BucketPlace(owner: "aa", bucket: "photos")

    /// A receiver that takes what it is told to.
    private final class Receiver: Sendable {
        private let state = Mutex((isOpen: true, messages: [String](), attempts: 0))

        var messages: [String] { state.withLock { $0.messages } }
        var attempts: Int { state.withLock { $0.attempts } }
        func open(_ isOpen: Bool) { state.withLock { $0.isOpen = isOpen } }

        func take(_ message: [UInt8]) -> Bool {
            state.withLock { state in
                state.attempts += 1
                if state.isOpen { state.messages.append(String(decoding: message, as: UTF8.self)) }
                return state.isOpen
            }
        }
    }

    private func delivery(_ receiver: Receiver, _ clock: TestClock) async throws -> (EventDelivery, EventOutbox) {
        let database = try Database.open(.memory)
        try await BucketRecords.migrate(database)
        let outbox = EventOutbox(database: database, key: SymmetricKey(size: .bits256))
        let webhook = try #require(Webhook(name: "hook", url: "http://127.0.0.1:1/hook"))
        let delivery = EventDelivery(
            outbox: outbox, webhooks: [webhook], clock: clock.wallClock, logger: Logger(label: "test"),
            send: { _, message in receiver.take(message) })
        return (delivery, outbox)
    }

    private func add(_ messages: [String], to outbox: EventOutbox, _ clock: TestClock) async throws {
        try await outbox.add(messages.map { ("hook", Array($0.utf8)) }, of: place, at: clock.now)
    }

    @Test func `messages arrive in order, and leave the outbox`() async throws {
        let (receiver, clock) = (Receiver(), TestClock())
        let (delivery, outbox) = try await delivery(receiver, clock)
        let messages = (0..<100).map { "message \($0)" }
        try await add(messages, to: outbox, clock)
        try await delivery.deliver()
        #expect(receiver.messages == messages)
        #expect(try await outbox.count() == 0)
    }

    @Test func `a message that is not taken is sent again later, and others do not wait for its time-out`() async throws {
        let (receiver, clock) = (Receiver(), TestClock())
        let (delivery, outbox) = try await delivery(receiver, clock)
        receiver.open(false)
        try await add(["a", "b", "c"], to: outbox, clock)
        try await delivery.deliver()
        #expect(receiver.attempts == 1)
        try await delivery.deliver()
        #expect(receiver.attempts == 1)
        receiver.open(true)
        clock.advance(by: .seconds(2))
        try await delivery.deliver()
        #expect(receiver.messages == ["a", "b", "c"])
    }

    @Test func `a message that is never taken is given up at last`() async throws {
        let (receiver, clock) = (Receiver(), TestClock())
        let (delivery, outbox) = try await delivery(receiver, clock)
        receiver.open(false)
        try await add(["a"], to: outbox, clock)
        for _ in 0...EventDelivery.maximumAttempts {
            try await delivery.deliver()
            clock.advance(by: .seconds(3 * 60 * 60))
        }
        #expect(receiver.attempts == EventDelivery.maximumAttempts)
        #expect(try await outbox.count() == 0)
    }

    @Test func `patterns name kinds of events`() {
        #expect(EventName.objectCreatedPut.matches("s3:ObjectCreated:*"))
        #expect(EventName.objectCreatedPut.matches("s3:ObjectCreated:Put"))
        #expect(!EventName.objectCreatedPut.matches("s3:ObjectCreated:Copy"))
        #expect(!EventName.objectCreatedPut.matches("s3:ObjectRemoved:*"))
        #expect(EventName.isKnown("s3:ObjectRemoved:*") && !EventName.isKnown("s3:Everything:*"))
    }

    @Test func `receivers are named in ARNs and by nothing else`() {
        #expect(Webhook.name(inARN: "arn:aws:sns:us-east-1:1234:hook") == "hook")
        #expect(Webhook.name(inARN: "arn:aws:sqs:::hook") == "hook")
        #expect(Webhook.name(inARN: "arn:aws:lambda:::hook") == nil)
        #expect(Webhook.name(inARN: "arn:aws:sns:::http://example.com") == nil)
        #expect(Webhook(name: "a b", url: "http://example.com") == nil)
        #expect(Webhook(name: "a", url: "file:///etc/passwd") == nil)
    }

    @Test func `what a configuration asks for is told, with names, sizes and versions`() async throws {
        var settings = GatewaySettings()
        settings.webhooks = [try #require(Webhook(name: "hook", url: "http://127.0.0.1:1/hook"))]
        let bench = try await GatewayBench(settings)
        #expect(try await bench.call(.put, "/bucket").status == 200)
        func configuration(_ arn: String, _ event: String) -> String {
            """
            <NotificationConfiguration><TopicConfiguration><Id>mine</Id><Topic>\(arn)</Topic><Event>\(event)</Event>\
            <Filter><S3Key><FilterRule><Name>prefix</Name><Value>in/</Value></FilterRule></S3Key></Filter>\
            </TopicConfiguration></NotificationConfiguration>
            """
        }
        let arn = "arn:aws:sns:us-east-1::hook"
        for wrong in [configuration("arn:aws:sns:::other", "s3:ObjectCreated:*"), configuration(arn, "s3:Other:*")] {
            #expect(try await bench.call(.put, "/bucket?notification", body: wrong).code == .invalidArgument)
        }
        let document = configuration(arn, "s3:ObjectCreated:*")
        #expect(try await bench.call(.put, "/bucket?notification", body: document).status == 200)
        #expect(try await bench.call(.get, "/bucket?notification").text.contains("<Topic>\(arn)</Topic>"))
        #expect(try await bench.call(.put, "/bucket/in/a%20b", body: "xyz").status == 200)
        #expect(try await bench.call(.put, "/bucket/out", body: "x").status == 200)
        #expect(try await bench.call(.delete, "/bucket/in/a%20b").status == 204)
        let outbox = bench.gateway.context.records.outbox
        let waiting = try await outbox.due(at: bench.satellite.clock.now, limit: 10)
        let message = try #require(waiting.first.map { String(decoding: $0.payload, as: UTF8.self) })
        #expect(waiting.count == 1 && waiting[0].target == "hook")
        #expect(message.contains(#""eventName":"ObjectCreated:Put""#) && message.contains(#""key":"in/a+b""#))
        #expect(message.contains(#""size":3"#) && message.contains(#""configurationId":"mine""#))
        #expect(message.contains(#""eTag":"d16fb36f0911f878998c136191af705e""#))
    }
}
