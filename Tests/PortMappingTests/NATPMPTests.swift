import PortMapping
import StorageModel
import Testing

/// The bytes are those of the figures in RFC 6886, sections 3.2 to 3.5.
@Suite struct NATPMPTests {
    private static let mapped: [UInt8] = [0, 130, 0, 0, 0, 0, 1, 2, 0x71, 0x27, 0x9C, 0x40, 0, 0, 0x1C, 0x20]

    @Test func `questions have the operation, ports and lifetime where the figures have them`() {
        #expect(NATPMP.addressQuestion == [0, 0])
        #expect(
            NATPMP.mapQuestion(internal: 28967, external: 40000, lifetime: 7200)
                == [0, 2, 0, 0, 0x71, 0x27, 0x9C, 0x40, 0, 0, 0x1C, 0x20])
    }

    @Test func `answers say the address, the port and how long it holds`() throws {
        #expect(try NATPMP.address(in: [0, 128, 0, 0, 0, 0, 0, 9, 203, 0, 113, 7]) == IPAddress(text: "203.0.113.7"))
        let mapping = try #require(try NATPMP.mapping(in: Self.mapped, internal: 28967))
        #expect(mapping.external == 40000)
        #expect(mapping.lifetime == 7200)
    }

    @Test func `answers to something else are no answers`() throws {
        #expect(try NATPMP.mapping(in: Self.mapped, internal: 28968) == nil)
        #expect(try NATPMP.address(in: Self.mapped) == nil)
        #expect(try NATPMP.mapping(in: [2] + Self.mapped.dropFirst(), internal: 28967) == nil)
        for count in 0..<Self.mapped.count { #expect(try NATPMP.mapping(in: Array(Self.mapped[..<count]), internal: 28967) == nil) }
    }

    @Test(arguments: [(1, "another version"), (2, "switched off"), (3, "no address"), (4, "no room"), (5, "how"), (999, "999")])
    func `a refusal says why`(code: Int, words: String) throws {
        var answer = Self.mapped
        (answer[2], answer[3]) = (UInt8(code >> 8), UInt8(code & 255))
        do throws(PortMappingError) {
            _ = try NATPMP.mapping(in: answer, internal: 28967)
            Issue.record("the refusal was taken for an answer")
        } catch {
            #expect("\(error)".contains(words), "\(error)")
            #expect("\(error)".contains("refuses by NAT-PMP"))
        }
    }

    @Test func `the default route with the lowest metric leads to the router`() {
        let table = """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            eth1\t00000000\t0200000A\t0003\t0\t0\t600\t00000000\t0\t0\t0
            eth0\t0000A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
            eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
            tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000080\t0\t0\t0
            """
        #expect(DefaultRoute.router(in: table) == IPAddress(text: "192.168.1.1"))
        #expect(DefaultRoute.router(in: "") == nil)
        #expect(DefaultRoute.router(in: "Iface\neth0\t00000000\tzz") == nil)
    }
}
