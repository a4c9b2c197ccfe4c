import ConsoleKit
import DRPC
import Identity
import Logging
import PortMapping
import StorageModel
import StorjShare
import Synchronization
import TestSupport
import Testing
import WebTesting

@Suite struct SetupWizardTests {
    private static let loops = RPCEventLoops(threadCount: 1)

    /// A wizard over a folder of 10 GB that has an identity already.
    private func visitor(
        _ settings: StorjShareSettings = StorjShareSettings(),
        mapPort: @escaping SetupHooks.MapPort = { _, _ in throw PortMappingError.noRouter }
    ) throws -> WebVisitor {
        let identity = NodeIdentity.generate(random: .seeded(1))
        let hooks = SetupHooks(
            folder: "/node", identity: { identity }, makeIdentity: { _, _ in },
            disk: { (10_000_000_000, 20_000_000_000) }, finish: { _ in }, eventLoops: Self.loops, mapPort: mapPort)
        return WebVisitor(
            try SetupWizard(
                settings: settings, hooks: hooks, clock: TestClock().wallClock, random: .seeded(2),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ).makeApp())
    }

    private func place(_ changes: [(String, String)]) -> [(String, String)] {
        let usual = [
            ("space", "5"), ("wallet", ""), ("email", ""), ("address", "127.0.0.1:28967"),
            ("external", "node.example.org:28967"),
        ]
        return usual.map { name, value in (name, changes.first { $0.0 == name }?.1 ?? value) }
    }

    @Test func `the steps follow each other, and none can be left out`() async throws {
        let visitor = try visitor()
        #expect(try await visitor.get("/setup").location == "/setup/place")
        #expect(try await visitor.get("/setup/place").text.contains("10 GB"))
        let placed = try await visitor.submit("/setup/place", place([]))
        #expect(placed.location == "/setup/satellites")
        #expect(try await visitor.get("/setup").location == "/setup/satellites")
        #expect(try await visitor.get("/setup/start").location == "/setup")
        let priced = try await visitor.submit("/setup/price", [("storage", "1.2"), ("traffic", "2"), ("quotes", "")])
        #expect(priced.location == "/setup/start")
    }

    @Test(arguments: [
        ("space", "11"), ("space", "0"), ("wallet", "0x12"), ("address", "nowhere"), ("external", "node.example.org"),
        ("external", "node.example.org:70000"),
    ])
    func `a place that cannot be is refused beside its field`(_ name: String, _ value: String) async throws {
        let answer = try await visitor().submit("/setup/place", place([(name, value)]))
        #expect(answer.status == 422)
        #expect(answer.text.contains("#field-\(name)"))
    }

    @Test func `what is no satellite is refused, and a price that is none`() async throws {
        let visitor = try visitor()
        let satellite = try await visitor.submit("/setup/satellites", [("url", "sat.example.org:7777")])
        #expect(satellite.status == 422)
        let price = try await visitor.submit("/setup/price", [("storage", "-1"), ("traffic", "2"), ("quotes", "")])
        #expect(price.status == 422)
    }

    @Test func `a router that passes the port on gives the node its address`() async throws {
        let visitor = try visitor { inner, outer in
            MappedPort(
                way: .upnp, externalAddress: IPAddress(text: "203.0.113.7")!, externalPort: outer, internalPort: inner,
                lifetime: PortMapper.lease)
        }
        _ = try await visitor.submit("/setup/place", place([]))
        let answer = try await visitor.submit("/setup/satellites/map", page: "/setup/satellites", [])
        #expect(answer.location == "/setup/satellites")
        #expect(try await visitor.get("/setup/satellites").text.contains("203.0.113.7:28967"))
        #expect(try await visitor.get("/setup/place").text.contains("203.0.113.7:28967"))
    }

    @Test(arguments: [nil, "100.64.0.9"])
    func `a router that cannot help changes nothing, and the page says why`(address: String?) async throws {
        let visitor = try visitor { inner, outer in
            guard let address else { throw PortMappingError.everyWay([.silence(.natPMP), .silence(.upnp)]) }
            return MappedPort(
                way: .natPMP, externalAddress: IPAddress(text: address)!, externalPort: outer, internalPort: inner, lifetime: nil)
        }
        _ = try await visitor.submit("/setup/place", place([]))
        _ = try await visitor.submit("/setup/satellites/map", page: "/setup/satellites", [])
        #expect(try await visitor.get("/setup/satellites").text.contains(address == nil ? "no router answers NAT-PMP" : "CGNAT"))
        #expect(try await visitor.get("/setup/place").text.contains("node.example.org:28967"))
    }

    @Test func `the wizard asks for the token where there is one`() async throws {
        var settings = StorjShareSettings()
        settings.token = ShareFixture.token
        #expect(try await visitor(settings).get("/setup").location == "/sign-in")
    }
}
