import Chores
import Logging
import NIOCore
import PortMapping
import StorageModel
import Synchronization
import TestSupport
import Testing

/// Questions really go by UDP and HTTP, to routers on 127.0.0.1.
@Suite struct PortMapperTests {
    private static let loopback = IPAddress(text: "127.0.0.1")!
    /// Patient: other tests may keep the machine busy for seconds.
    private static let patient = Sleeper { try await Task.sleep(for: $0 * 10) }
    private static let nobody = try! SocketAddress(ipAddress: "127.0.0.1", port: 9)

    /// Answers as a router does that gives another port than the one it is asked for.
    private static func natPMP(_ question: [UInt8], address: [UInt8] = [203, 0, 113, 7]) -> [UInt8]? {
        switch question.count {
        case 2: [0, 128, 0, 0, 0, 0, 0, 1] + address
        case 12: [0, 130, 0, 0, 0, 0, 0, 1] + question[4..<6] + [0x9C, 0x41] + question[8..<12]
        default: nil
        }
    }

    private func mapper(_ responder: UDPResponder, search: SocketAddress = nobody) -> PortMapper {
        PortMapper(router: { Self.loopback }, natPMPPort: responder.port, search: search, sleeper: Self.patient)
    }

    @Test func `a router that speaks NAT-PMP gives a port, and takes it back`() async throws {
        let router = try await UDPResponder { Self.natPMP($0) }
        let mapped = try await mapper(router).map(internal: 28967, external: 28967)
        #expect(
            mapped
                == MappedPort(
                    way: .natPMP, externalAddress: IPAddress(text: "203.0.113.7")!, externalPort: 40001, internalPort: 28967,
                    lifetime: .seconds(7200)))
        #expect(mapped.isPublic)
        try await mapper(router).release(mapped)
        #expect(router.questions.last == NATPMP.mapQuestion(internal: 28967, external: 0, lifetime: 0))
        try await router.close()
    }

    @Test func `a question that is lost is asked again`() async throws {
        let count = Mutex(0)
        let router = try await UDPResponder { question in
            count.withLock { $0 += 1; return $0 } % 2 == 0 ? Self.natPMP(question) : nil
        }
        #expect(try await mapper(router).map(internal: 1000, external: 0).externalPort == 40001)
        // Two for the address and two for the port, and more when the machine is slow.
        #expect(router.questions.count >= 4)
        try await router.close()
    }

    @Test func `a router behind another router is told from one that the internet reaches`() async throws {
        let router = try await UDPResponder { Self.natPMP($0, address: [100, 64, 1, 2]) }
        #expect(try await mapper(router).map(internal: 1000, external: 0).isPublic == false)
        try await router.close()
    }

    @Test func `where NAT-PMP is not spoken, UPnP is asked`() async throws {
        let silent = try await UDPResponder { _ in nil }
        let port = silent.port
        try await silent.close()
        try await UPnPRouter.with { router in
            let mapper = PortMapper(router: { Self.loopback }, natPMPPort: port, search: router.search, sleeper: Self.patient)
            let mapped = try await mapper.map(internal: 28967, external: 30000)
            #expect(mapped.way == .upnp)
            #expect(mapped.externalPort == 30000)
            #expect(mapped.lifetime == PortMapper.lease)
            #expect("\(mapped.externalAddress)" == UPnPRouter.outside)
            let request = try #require(router.requests.all.last { $0.action == "AddPortMapping" })
            for part in [
                "<NewExternalPort>30000<", "<NewInternalPort>28967<", "<NewProtocol>TCP<", "<NewInternalClient>127.0.0.1<",
                "<NewLeaseDuration>7200<",
            ] { #expect(request.body.contains(part), "\(part)") }
            try await mapper.release(mapped)
            #expect(router.requests.all.last?.action == "DeletePortMapping")
        }
    }

    @Test func `a router that gives ports for good only is asked for that`() async throws {
        try await UPnPRouter.with(fault: { _, body in body.contains("<NewLeaseDuration>7200<") ? 725 : nil }) { router in
            let mapper = PortMapper(router: { Self.loopback }, natPMPPort: 9, search: router.search, sleeper: Self.patient)
            let mapped = try await mapper.map(internal: 28967, external: 30000)
            #expect(mapped.lifetime == nil)
        }
    }

    @Test func `a router that says no is quoted, for both ways`() async throws {
        let refusing = try await UDPResponder { [0, $0[1] | 128, 0, 2] }
        try await UPnPRouter.with(fault: { action, _ in action == "AddPortMapping" ? 718 : nil }) { router in
            let error = await #expect(throws: PortMappingError.self) {
                try await mapper(refusing, search: router.search).map(internal: 28967, external: 30000)
            }
            #expect(error?.description.contains("switched off") == true)
            #expect(error?.description.contains("another machine") == true)
        }
        try await refusing.close()
    }

    @Test func `without a router there is nothing to ask`() async throws {
        await #expect(throws: PortMappingError.noRouter) {
            try await PortMapper(router: { nil }).map(internal: 1, external: 1)
        }
    }

    @Test func `the keeper tells where the port is when that changes, asks again, and gives it back`() async throws {
        let address = Mutex<[UInt8]>([203, 0, 113, 7])
        let router = try await UDPResponder { Self.natPMP($0, address: address.withLock { $0 }) }
        let told = Mutex<[MappedPort]>([])
        let keeper = PortKeeper(mapper: mapper(router), port: 28967, external: 28967, logger: Logger(label: "test")) { port in
            told.withLock { $0.append(port) }
        }
        try await keeper.keep()
        try await keeper.keep()
        #expect(told.withLock { $0.map { "\($0.externalAddress)" } } == ["203.0.113.7"])
        #expect(router.questions.last == NATPMP.mapQuestion(internal: 28967, external: 40001, lifetime: 7200))
        address.withLock { $0 = [203, 0, 113, 8] }
        try await keeper.keep()
        #expect(told.withLock { $0.map { "\($0.externalAddress)" } } == ["203.0.113.7", "203.0.113.8"])
        try await keeper.release()
        #expect(keeper.mapped == nil)
        #expect(router.questions.last == NATPMP.mapQuestion(internal: 28967, external: 0, lifetime: 0))
        try await router.close()
    }
}
