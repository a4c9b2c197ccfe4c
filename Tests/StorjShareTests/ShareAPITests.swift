import ConsoleKit
import Foundation
import Identity
import StorageModel
import StorageNode
import StorjShare
import Testing
import WebTesting

@Suite struct ShareAPITests {
    private func object(_ answer: WebVisitor.Answer) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any])
    }

    @Test func `the dashboard has the fields that existing readers look for`() async throws {
        try await ShareFixture.run { share in
            let dashboard = try object(try await share.visitor.get("/api/sno"))
            #expect(dashboard["nodeID"] as? String == "\(share.node.id)")
            let disk = try #require(dashboard["diskSpace"] as? [String: Any])
            #expect(disk["available"] as? Int == 1_000_000_000)
            #expect(Set(disk.keys) == ["used", "available", "trash", "overused"])
            let satellite = try #require((dashboard["satellites"] as? [[String: Any]])?.first)
            #expect(satellite["disqualified"] is NSNull && satellite["suspended"] is NSNull)
            for name in ["wallet", "bandwidth", "lastPinged", "version", "upToDate", "startedAt", "configuredPort", "quicStatus"] {
                #expect(dashboard[name] != nil, "\(name)")
            }
        }
    }

    @Test func `traffic of the month is told by day, and paid by the sheet's prices`() async throws {
        try await ShareFixture.run { share in
            share.node.history.count(satellite: share.satellite.id, action: 2, bytes: 5_000)
            share.node.history.count(satellite: share.satellite.id, action: 1, bytes: 300)
            share.node.history.count(satellite: share.satellite.id, action: 4, bytes: 20)
            try await share.node.history.flush()
            for path in ["/api/sno/satellites", "/api/sno/satellite/\(share.satellite.id)"] {
                let answer = try object(try await share.visitor.get(path))
                #expect(answer["egressSummary"] as? Int == 5_020, "\(path)")
                #expect(answer["ingressSummary"] as? Int == 300, "\(path)")
                let day = try #require((answer["bandwidthDaily"] as? [[String: Any]])?.first)
                #expect((day["egress"] as? [String: Int])?["usage"] == 5_000, "\(path)")
            }
            let payout = try object(try await share.visitor.get("/api/sno/estimated-payout"))
            #expect((payout["currentMonth"] as? [String: Any])?["egressBandwidth"] as? Int == 5_000)
            #expect(payout["previousMonth"] != nil && payout["currentMonthExpectations"] != nil)
        }
    }

    @Test func `history is asked for by span and start`() async throws {
        try await ShareFixture.run { share in
            share.node.history.count(satellite: share.satellite.id, action: 3, bytes: 7)
            try await share.node.history.flush()
            let text = try await share.visitor.get("/api/traffic?span=hour").text
            #expect(text.contains("\"purpose\":\"audit\""))
            let answer122 = try await share.visitor.get("/api/traffic?span=year")
            #expect(answer122.status == 400)
            let answer123 = try await share.visitor.get("/api/traffic?from=yesterday")
            #expect(answer123.status == 400)
        }
    }

    @Test func `health is told in words, and a farm's line names the node`() async throws {
        try await ShareFixture.run { share in
            try await share.node.drain()
            let health = try object(try await share.visitor.get("/api/health"))
            #expect((health["findings"] as? [[String: Any]])?.first?["kind"] as? String == "drained")
            let line = try object(try await share.visitor.get("/api/farm"))
            #expect(line["id"] as? String == "\(share.node.id)")
            #expect(line["satellites"] as? Int == 1)
        }
    }
}
