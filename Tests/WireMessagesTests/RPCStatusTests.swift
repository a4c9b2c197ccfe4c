import TestSupport
import Testing
import WireMessages

@Suite struct RPCStatusTests {
    private struct File: Decodable {
        struct Entry: Decodable {
            let code: UInt64
            let name: String
        }
        let codes: [Entry]
    }

    @Test func `every status code has its name`() throws {
        let codes = try Vectors.decode(File.self, from: "rpcstatus.json").codes
        #expect(codes.count == 54)
        for entry in codes {
            #expect(RPCStatusCode(rawValue: entry.code).description == entry.name)
        }
    }

    @Test func `a code without a name is kept`() {
        #expect(RPCStatusCode(rawValue: 4711).description == "code 4711")
        #expect(RPCStatusCode(rawValue: 5) == .notFound)
        #expect(RPCStatusCode(rawValue: 10035) == .streamIDInvalid)
    }
}
