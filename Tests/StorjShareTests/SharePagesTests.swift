import ConsoleKit
import Database
import Foundation
import HTTPTypes
import Identity
import StorageModel
import StorageNode
import StorjShare
import TestSupport
import Testing
import WebTesting

@Suite struct SharePagesTests {
    @Test func `every page of a fresh node is there`() async throws {
        try await ShareFixture.run { share in
            for path in ["/", "/space", "/traffic", "/traffic?range=hours", "/traffic?range=months", "/satellites", "/upkeep"] {
                let answer = try await share.visitor.get(path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.text.contains("<h1>"), "\(path)")
            }
            let satellite = try await share.visitor.get("/satellites/\(share.satellite.id)")
            #expect(satellite.status == 200)
            #expect(satellite.text.contains("sat.example.org:7777"))
        }
    }

    @Test func `a node that is not paid has no page of earnings`() async throws {
        try await ShareFixture.run { share in
            let answer101 = try await share.visitor.get("/earnings")
            #expect(answer101.status == 404)
        }
    }

    @Test func `satellites and ids nobody knows are not found`() async throws {
        try await ShareFixture.run { share in
            let stranger = NodeID.random(using: .seeded(9))
            for path in ["/satellites/\(stranger)", "/satellites/nonsense", "/api/sno/satellite/\(stranger)", "/nowhere"] {
                let answer102 = try await share.visitor.get(path)
                #expect(answer102.status == 404, "\(path)")
            }
        }
    }

    @Test func `a drain by form holds, and ends by form`() async throws {
        try await ShareFixture.run { share in
            let visitor = share.visitor
            let answer1 = try await visitor.submit("/upkeep/drain", page: "/upkeep", [])
            #expect(answer1.status == 303)
            let status103 = await share.node.status()
            #expect(status103.drainedSince != nil)
            let answer104 = try await visitor.get("/")
            #expect(answer104.text.contains("The node is drained"))
            let answer2 = try await visitor.submit("/upkeep/undrain", page: "/upkeep", [])
            #expect(answer2.status == 303)
            let status105 = await share.node.status()
            #expect(status105.drainedSince == nil)
        }
    }

    @Test func `a form without its token changes nothing`() async throws {
        try await ShareFixture.run { share in
            let answer3 = try await share.visitor.post("/upkeep/drain", [])
            #expect(answer3.status == 403)
            let answer4 = try await share.visitor.post("/upkeep/drain", [("csrf", "0123")])
            #expect(answer4.status == 403)
            let status106 = await share.node.status()
            #expect(status106.drainedSince == nil)
        }
    }

    @Test func `a scrub at no speed is refused beside the field`() async throws {
        try await ShareFixture.run { share in
            let answer = try await share.visitor.submit("/upkeep/scrub", page: "/upkeep", [("rate", "0")])
            #expect(answer.status == 422)
            #expect(answer.text.contains("field-rate"))
        }
    }

    @Test func `a satellite is added, shown, and forgotten only with the tick`() async throws {
        try await ShareFixture.run { share in
            let other = NodeID.random(using: .seeded(9))
            let visitor = share.visitor
            let added = try await visitor.submit("/satellites", [("url", "\(other)@two.example.org:7777")])
            #expect(added.status == 303)
            let answer107 = try await visitor.get("/satellites")
            #expect(answer107.text.contains("two.example.org:7777"))
            let path = "/satellites/\(other)"
            let answer5 = try await visitor.submit(path + "/forget", page: path, [])
            #expect(answer5.status == 422)
            let status108 = await share.node.status()
            #expect(status108.satellites.count == 2)
            let answer6 = try await visitor.submit(path + "/forget", page: path, [("confirm", "yes")])
            #expect(answer6.status == 303)
            let status109 = await share.node.status()
            #expect(status109.satellites.count == 1)
        }
    }

    @Test(arguments: ["nonsense", "one@two", "", "1@a:1,2@b:2"])
    func `a text that names no satellite is refused`(_ text: String) async throws {
        try await ShareFixture.run { share in
            let answer = try await share.visitor.submit("/satellites", [("url", text)])
            #expect(answer.status == 422)
            let status110 = await share.node.status()
            #expect(status110.satellites.count == 1)
        }
    }

    @Test func `a script in a satellite's address is a text`() async throws {
        try await ShareFixture.run { share in
            let address = "<script>alert(1)</script>.example.org:7777"
            try await share.node.add(NodeURL(id: .random(using: .seeded(9)), address: address))
            for path in ["/", "/satellites", "/space", "/upkeep"] {
                let text = try await share.visitor.get(path).text
                #expect(!text.contains("<script>alert"), "\(path)")
            }
            let answer111 = try await share.visitor.get("/satellites")
            #expect(answer111.text.contains("&lt;script&gt;alert"))
        }
    }

    @Test func `what went wrong inside is not told`() async throws {
        try await ShareFixture.run { share in
            try share.node.history.database.close()
            let answer = try await share.visitor.get("/traffic")
            #expect(answer.status == 500)
            #expect(!answer.text.contains("Database") && !answer.text.contains("history_traffic"))
        }
    }

    @Test func `a page is small and needs few requests`() async throws {
        try await ShareFixture.run { share in
            let answer = try await share.visitor.get("/")
            #expect(answer.text.utf8.count < 120_000)
            let loads = answer.text.split(separator: "<link rel=\"stylesheet\"").count + answer.text.split(separator: "<script").count - 2
            #expect(loads < 8)
            #expect(answer.headers[.init("content-security-policy") ?? .contentType]?.contains("default-src 'none'") == true)
        }
    }
}
