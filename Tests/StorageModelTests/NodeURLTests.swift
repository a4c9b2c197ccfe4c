import StorageModel
import TestSupport
import Testing

@Suite struct NodeURLTests {
    struct File: Decodable {
        struct Entry: Decodable {
            let input: String
            let error: String?
            let address: String?
            let debounce: Int32?
            let features: UInt64?
            let id_hex: HexBytes?
            let noise_proto: Int32?
            let noise_pub_hex: HexBytes?
            let string: String?
        }
        let node_urls: [Entry]
    }

    @Test func `URLs parse and print as upstream does`() throws {
        let file = try Vectors.decode(File.self, from: "identity.json")
        for vector in file.node_urls {
            guard vector.error == nil else {
                #expect(throws: NodeURLError.self, "\(vector.input)") { try NodeURL(text: vector.input) }
                continue
            }
            let url = try NodeURL(text: vector.input)
            #expect(url.address == vector.address, "\(vector.input)")
            #expect(url.id.bytes == vector.id_hex?.bytes)
            #expect(url.debounceLimit == vector.debounce)
            #expect(url.features == vector.features)
            #expect(url.noiseProtocol == vector.noise_proto)
            #expect(url.noisePublicKey == vector.noise_pub_hex?.bytes)
            #expect(url.description == vector.string)
        }
        #expect(file.node_urls.count == 12)
    }

    @Test(arguments: [
        ("127.0.0.1:7777", "127.0.0.1", 7777), ("[::1]:80", "::1", 80), ("node.example:0", "node.example", 0),
    ])
    func `host and port are told apart`(address: String, host: String, port: Int) throws {
        let parts = try #require(NodeURL(id: NodeID(), address: address).hostAndPort)
        #expect(parts.host == host)
        #expect(parts.port == port)
    }

    @Test(arguments: ["", "host", "host:", "host:port", "host:65536", "host:-1"])
    func `an address without a port has neither`(address: String) {
        #expect(NodeURL(id: NodeID(), address: address).hostAndPort == nil)
    }
}
