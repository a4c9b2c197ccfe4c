import Overlay
import StorageModel
import TestSupport
import Testing

@Suite struct NodeFactsTests {
    @Test(arguments: [
        ("v1.2.3", "v1.2.3"), ("1.104.5", "v1.104.5"), ("v1.2.3-rc+build", "v1.2.3"), ("", "v0.0.0"),
    ])
    func `a version is read`(text: String, expected: String) {
        #expect(NodeVersion(text: text)?.description == expected)
    }

    @Test(arguments: ["v", "1.2", "1.2.3.4", "a.b.c", "1.2.-3", "1.2.99999999999999999999", "1..3", "v1.2.３"])
    func `a text that is no version is refused`(text: String) {
        #expect(NodeVersion(text: text) == nil)
    }

    @Test(arguments: [
        ("192.0.2.77", "192.0.2.0", true), ("10.1.2.3", "10.1.2.0", false), ("127.0.0.1", "127.0.0.0", false),
        ("172.16.0.1", "172.16.0.0", false), ("172.32.0.1", "172.32.0.0", true), ("192.168.1.1", "192.168.1.0", false),
        ("169.254.1.1", "169.254.1.0", false), ("100.64.0.1", "100.64.0.0", false), ("8.8.8.8", "8.8.8.0", true),
        ("::1", "::", false), ("fe80::1", "fe80::", false), ("fd00::1", "fd00::", false),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", true), ("::ffff:10.0.0.1", "10.0.0.0", false),
        ("255.255.255.255", "255.255.255.0", false), ("0.0.0.0", "0.0.0.0", false), ("::", "::", false),
        ("ff02::1", "ff02::", false),
    ])
    func `an address knows its subnet and whether the internet reaches it`(
        text: String, subnet: String, isGlobal: Bool
    ) throws {
        let address = try #require(IPAddress(text: text))
        #expect(address.subnet.description == subnet)
        #expect(address.isGlobal == isGlobal)
    }

    @Test(arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "fe80::1%eth0", "[::1]", "0x7f.1"])
    func `a text that is no address is refused`(text: String) {
        #expect(IPAddress(text: text) == nil)
    }

    private func resolve(
        _ text: String, _ addresses: [String] = [], allowPrivate: Bool = false, distinctSubnet: Bool = true
    ) async throws -> NodeAddress {
        try await NodeAddress.resolve(
            text, resolver: AddressResolver { _ in addresses.compactMap { IPAddress(text: $0) } },
            allowPrivate: allowPrivate, distinctSubnet: distinctSubnet)
    }

    @Test func `a name resolves to IPv4 first, and its subnet is its place`() async throws {
        let address = try await resolve("node.example.test:28967", ["2001:db8::5", "198.51.100.9"])
        #expect(address.lastIPPort == "198.51.100.9:28967")
        #expect(address.lastNet == "198.51.100.0")
        #expect(address.reported == "node.example.test:28967")
        let six = try await resolve("[2001:db8::5]:7777")
        #expect(six.lastIPPort == "[2001:db8::5]:7777")
        #expect(six.lastNet == "2001:db8::")
    }

    @Test func `nodes on one machine are different places when subnets do not matter`() async throws {
        let first = try await resolve("127.0.0.1:1001", allowPrivate: true, distinctSubnet: false)
        let second = try await resolve("127.0.0.1:1002", allowPrivate: true, distinctSubnet: false)
        #expect(first.lastNet == "127.0.0.1:1001")
        #expect(first.lastNet != second.lastNet)
    }

    @Test(arguments: [
        "127.0.0.1:1000", "10.0.0.1:1000", "[::1]:1000", "nowhere", "nowhere:0", "1.2.3.4:0", "1.2.3.4:65536", ":1000",
        "1.2.3.4", "", "1.2.3.4:-1", "nothing.example.test:1000", "224.0.0.1:1000",
    ])
    func `an address nobody could dial from the internet is refused`(text: String) async {
        await #expect(throws: OverlayError.self) { try await resolve(text) }
    }

    @Test(arguments: ["0.0.0.0:1000", "224.0.0.1:1000", "255.255.255.255:1", "[::]:1000", "[ff02::1]:1000"])
    func `an address no host can have is refused even where private ones are allowed`(text: String) async {
        await #expect(throws: OverlayError.self) { try await resolve(text, allowPrivate: true) }
    }

    @Test func `the tracker forgets after its generations and knows nothing of strangers`() {
        var tracker = SuccessTracker()
        let node = NodeID.random(using: .seeded(1))
        #expect(tracker.score(node) == nil)
        tracker.record(node, success: true)
        tracker.record(node, success: false)
        #expect(tracker.score(node) == 0.5)
        tracker.advanceGeneration()
        tracker.record(node, success: true)
        tracker.record(node, success: true)
        #expect(tracker.score(node) == 0.75)
        for _ in 0..<(SuccessTracker.generationCount - 1) { tracker.advanceGeneration() }
        #expect(tracker.score(node) == 1)
        tracker.advanceGeneration()
        #expect(tracker.score(node) == nil)
    }

    @Test func `a node checks in twice at once and then once an interval`() {
        var limiter = CheckInLimiter(interval: .seconds(600), burst: 2)
        let clock = TestClock()
        let (node, other) = (NodeID.random(using: .seeded(1)), NodeID.random(using: .seeded(2)))
        let first = [limiter.allow(node, at: clock.now), limiter.allow(node, at: clock.now)]
        #expect(first == [true, true])
        let atOnce = [limiter.allow(node, at: clock.now), limiter.allow(other, at: clock.now)]
        #expect(atOnce == [false, true])
        clock.advance(by: .seconds(599))
        let early = limiter.allow(node, at: clock.now)
        #expect(!early)
        clock.advance(by: .seconds(1))
        let later = [limiter.allow(node, at: clock.now), limiter.allow(node, at: clock.now)]
        #expect(later == [true, false])
    }
}
