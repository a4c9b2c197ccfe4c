import Identity
import Overlay
import StorageModel
import Synchronization
import TestSupport
import Testing
import WireMessages

@Suite struct NodeEventTests {
    /// Remembers what it was sent, and fails when told to.
    private final class Mailbox: NodeEventSender {
        struct Broken: Error {}
        private let state = Mutex<(isBroken: Bool, sent: [NodeEvent.Kind])>((false, []))
        let name = "mailbox"

        var sent: [NodeEvent.Kind] { state.withLock { $0.sent } }
        func set(isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }

        func send(_ events: [NodeEvent]) async throws {
            try state.withLock { state in
                if state.isBroken { throw Broken() }
                state.sent += events.map(\.kind)
            }
        }
    }

    private func oneNode(
        _ change: (inout OverlaySettings) -> Void = { _ in }
    ) async throws -> (net: SmallNetwork, node: NodeIdentity) {
        var settings = SmallNetwork.localSettings
        settings.checkInBurst = 1000
        change(&settings)
        let net = try await SmallNetwork(settings)
        let node = net.startNode(port: 1001)
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        return (net, node)
    }

    /// Lets time pass in steps short enough that the satellite counts as having been there.
    private func watch(_ net: SmallNetwork, hours: Int) async throws {
        for _ in 0..<hours {
            net.clock.advance(by: .seconds(3600))
            try await net.trigger("node-watch")
        }
    }

    private func kinds(_ net: SmallNetwork) async throws -> [NodeEvent.Kind] {
        try await net.overlay.nodeEvents().map(\.kind).reversed()
    }

    @Test func `going offline and coming back are told once each`() async throws {
        let (net, node) = try await oneNode()
        try await watch(net, hours: 3)
        #expect(try await kinds(net).isEmpty)
        try await watch(net, hours: 40)
        #expect(try await kinds(net) == [.offline])
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        #expect(try await kinds(net) == [.offline, .online])
    }

    @Test func `a node that comes and goes is told of once a day`() async throws {
        let (net, node) = try await oneNode()
        for _ in 0..<8 {
            try await watch(net, hours: 5)
            try await net.checkIn(node, SmallNetwork.request(port: 1001))
        }
        #expect(try await kinds(net) == [.offline, .online, .offline, .online])
    }

    @Test func `what was told is known after a restart`() async throws {
        let (net, node) = try await oneNode()
        try await watch(net, hours: 5)
        let again = try await SmallNetwork(SmallNetwork.localSettings, database: net.database)
        again.clock.advance(by: .seconds(6 * 3600))
        again.serve(node, port: 1001)
        try await again.checkIn(node, SmallNetwork.request(port: 1001))
        #expect(try await kinds(again) == [.offline, .online])
    }

    @Test func `an old version is told once a day`() async throws {
        let (net, node) = try await oneNode { $0.minimumVersion = NodeVersion(major: 4, minor: 0, patch: 0) }
        for _ in 0..<3 { try await net.checkIn(node, SmallNetwork.request(port: 1001)) }
        #expect(try await kinds(net) == [.belowMinimumVersion])
        net.clock.advance(by: .seconds(86400))
        try await net.checkIn(node, SmallNetwork.request(port: 1001))
        #expect(try await kinds(net) == [.belowMinimumVersion, .belowMinimumVersion])
    }

    @Test func `events reach all senders, and come again when one of them fails`() async throws {
        let (net, node) = try await oneNode()
        let (good, bad) = (Mailbox(), Mailbox())
        net.overlay.setEventSenders([good, bad])
        bad.set(isBroken: true)
        for _ in 0..<5 { try await net.overlay.recordAudits([(node.id, .unknown)]) }
        try await net.trigger("node-events")
        #expect(good.sent == [.suspendedForErrors])
        bad.set(isBroken: false)
        try await net.trigger("node-events")
        #expect(bad.sent.isEmpty, "not before the pause is over")
        net.clock.advance(by: .seconds(601))
        try await net.trigger("node-events")
        #expect(bad.sent == [.suspendedForErrors])
        let event = try #require(try await net.overlay.nodeEvents().first)
        #expect(event.sentAt == net.clock.now)
        #expect(event.attempts == 2)
        net.clock.advance(by: .seconds(601))
        try await net.trigger("node-events")
        #expect(bad.sent == [.suspendedForErrors])
    }

    @Test func `an event that never arrives is given up`() async throws {
        let (net, node) = try await oneNode { $0.events.attempts = 3 }
        let bad = Mailbox()
        bad.set(isBroken: true)
        net.overlay.setEventSenders([bad])
        try await net.overlay.disqualify(node.id, reason: .unknown)
        for _ in 0..<6 {
            try await net.trigger("node-events")
            net.clock.advance(by: .seconds(601))
        }
        let event = try #require(try await net.overlay.nodeEvents().first)
        #expect(event.attempts == 3)
        #expect(event.sentAt != nil)
    }

    @Test func `old events are forgotten, except that a node is known to be offline`() async throws {
        let (net, node) = try await oneNode { $0.awayAfter = .seconds(400 * 86400) }
        let other = net.startNode(port: 1002)
        try await net.checkIn(other, SmallNetwork.request(port: 1002))
        try await net.overlay.disqualify(node.id, reason: .unknown)
        net.clock.advance(by: .seconds(5 * 3600))
        try await net.trigger("node-watch")
        #expect(try await kinds(net) == [.disqualified, .offline])
        net.clock.advance(by: .seconds(91 * 86400))
        try await net.trigger("node-watch")
        #expect(try await kinds(net) == [.offline])
    }
}
