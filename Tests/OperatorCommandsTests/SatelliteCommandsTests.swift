import ClientCommands
import Foundation
import Identity
import Installation
import OperatorCommands
import Overlay
import SatelliteTesting
import TestSupport
import Testing
import Upkeep

@Suite struct SatelliteCommandsTests {
    // MARK: - Finding the satellite

    @Test func `a satellite that does not run is told as that, with what to do`() async throws {
        try await withTemporaryFolder { folder in
            try Data(#"{"admin.token":"x"}"#.utf8).write(to: folder.appending(path: "settings.json"))
            let result = try await AdminBench.program(
                ["satellite", "status", "--dir", folder.path], CommandEnvironment(now: { Date() }))
            #expect(result.status == .unreachable)
            #expect(result.messages.contains("does not run"))
            #expect(result.messages.contains("storj satellite run --dir"))
        }
    }

    @Test func `a folder that is no satellite's is a mistake of the command line`() async throws {
        try await withTemporaryFolder { folder in
            let result = try await AdminBench.program(
                ["satellite", "nodes", "--dir", folder.path, "--json"], CommandEnvironment(now: { Date() }))
            #expect(result.status == .usage)
            #expect(try objects(result.messages).first?["error"] as? String == "usage")
        }
    }

    @Test func `a satellite that was killed leaves an address nobody listens at`() async throws {
        try await withTemporaryFolder { folder in
            try Data(#"{"admin.token":"x"}"#.utf8).write(to: folder.appending(path: "settings.json"))
            let port = try FreePort.choose()
            try ReadyFile(id: "id", address: "127.0.0.1:1", admin: "http://127.0.0.1:\(port)").write(in: folder)
            let result = try await AdminBench.program(
                ["satellite", "status", "--dir", folder.path], CommandEnvironment(now: { Date() }))
            #expect(result.status == .unreachable)
            #expect(result.messages.contains("nobody listens there"))
        }
    }

    @Test func `a wrong token is refused and told`() async throws {
        try await AdminBench.withSatellite { bench in
            try Data(#"{"admin.token":"another"}"#.utf8).write(to: bench.folder.appending(path: "settings.json"))
            let result = try await bench.run("nodes")
            #expect(result.status == .denied)
            #expect(!result.messages.contains("another"))
        }
    }

    @Test func `the folder of a whole network leads to its satellite`() async throws {
        try await AdminBench.withSatellite { bench in
            try await withTemporaryFolder { network in
                let home = network.appending(path: "satellite")
                try FileManager.default.copyItem(at: bench.folder, to: home)
                #expect(try await bench.run("status", dir: network).status == .success)
            }
        }
    }

    // MARK: - Looking

    @Test func `the status tells nodes, segments and what needs attention`() async throws {
        try await AdminBench.withSatellite { bench in
            let result = try await bench.run("status")
            #expect(result.status == .success)
            #expect(result.output.contains("\(bench.satellite.identity.id)"))
            #expect(result.output.contains("3 online"))
            let json = try #require(try objects(try await bench.run("status", "--json").output).first)
            #expect((json["nodes"] as? [String: Any])?["online"] as? Int == 3)
            #expect(json["attention"] as? [String] == [])
        }
    }

    @Test func `a check ends with a failure when something needs attention`() async throws {
        try await AdminBench.withSatellite { bench in
            #expect(try await bench.run("status", "--check").status == .success)
            _ = try await bench.run("chores", "trigger", "fails")
            let result = try await bench.run("status", "--check")
            #expect(result.status == .failure)
            #expect(result.output.contains("! chore fails failed in its newest run: this chore is broken"))
        }
    }

    @Test func `nodes are listed, and chosen by their state`() async throws {
        try await AdminBench.withSatellite { bench in
            let first = try #require(bench.satellite.overlay.nodes().first)
            try await bench.satellite.overlay.disqualify(first.id, reason: .auditFailure)
            let all = try objects(try await bench.run("nodes", "--json").output)
            #expect(all.count == 3)
            #expect(all.filter { $0["state"] as? String == "disqualified" }.map { $0["id"] as? String } == ["\(first.id)"])
            let chosen = try await bench.run("nodes", "--state", "disqualified")
            #expect(chosen.output.split(separator: "\n").count == 2)
            #expect(try await bench.run("nodes", "--state", "asleep").status == .usage)
        }
    }

    @Test func `one node is shown with all that is known of it`() async throws {
        try await AdminBench.withSatellite { bench in
            let node = try #require(bench.satellite.overlay.nodes().first)
            let result = try await bench.run("node", "\(node.id)")
            #expect(result.output.contains(node.address))
            #expect(try await bench.run("node", "\(bench.satellite.identity.id)").status == .notFound)
            #expect(try await bench.run("node", "../chores").status == .usage)
        }
    }

    @Test func `garbage and durability say so when nobody has looked yet`() async throws {
        try await AdminBench.withSatellite { bench in
            #expect(try await bench.run("garbage").output.contains("no collection"))
            _ = try await bench.run("chores", "trigger", "garbage-collection")
            let json = try #require(try objects(try await bench.run("garbage", "--json").output).first)
            #expect(json["segment_count"] as? Int == 0)
        }
    }

    @Test func `after a pass the durability is told by class, with the thresholds in the histogram`() async throws {
        try await AdminBench.withSatellite { bench in
            _ = try await bench.run("chores", "trigger", "ranged-loop")
            let result = try await bench.run("durability", "--histogram")
            #expect(result.output.contains("as of "))
            #expect(result.output.contains("0 at risk, 0 lost"))
            let json = try #require(try objects(try await bench.run("durability", "--json").output).first)
            #expect(json["segment_count"] as? Int == 0)
        }
    }

    @Test func `the emergency brake holds garbage back until it is let go`() async throws {
        try await AdminBench.withSatellite { bench in
            // The nodes of this satellite only answer pings: none of them takes its trash back.
            let brake = try await bench.run("garbage", "restore-trash")
            #expect(brake.status == .partial)
            #expect(try await bench.run("garbage").output.contains("held back"))
            #expect(try await bench.run("status").output.contains("! nodes are not told what to throw away"))
            #expect(try await bench.run("metrics").output.contains("storj_garbage_held 1\n"))
            #expect(try await bench.run("garbage", "end-hold").status == .success)
            #expect(try await bench.run("garbage").output.contains("held back") == false)
        }
    }

    @Test func `the metrics come as they are served`() async throws {
        try await AdminBench.withSatellite { bench in
            let text = try await bench.run("metrics").output
            #expect(text.contains("# TYPE storj_nodes gauge\n"))
            #expect(text.contains("storj_nodes{state=\"online\"} 3\n"))
        }
    }

    @Test func `audits are told, and what a restored backup asks for is forgiven`() async throws {
        try await AdminBench.withSatellite { bench in
            let result = try await bench.run("audits")
            #expect(result.output.contains("0 segments"))
            #expect(!result.output.contains("forgiving"))
            let time = TimeText.rfc3339(bench.environment.now())
            let forgiven = try await bench.run("audits", "forgive", "--before", time)
            #expect(forgiven.output.contains("forgiven until"))
            #expect(try await bench.run("audits").output.contains("forgiving until"))
            #expect(try await bench.run("audits", "forgive", "--before", "+2h").status == .usage)
            #expect(try await bench.run("audits", "forgive", "--before", "none").status == .usage)
        }
    }

    @Test func `a node's standing and what happened to it are told`() async throws {
        try await AdminBench.withSatellite { bench in
            let node = try #require(bench.satellite.overlay.nodes().first)
            try await bench.satellite.overlay.recordAudits([(node: node.id, outcome: .success)])
            let json = try #require(try objects(try await bench.run("node", "\(node.id)", "--json").output).first)
            #expect((json["standing"] as? [String: Any])?["successes"] as? Int == 1)
            #expect((json["node"] as? [String: Any])?["state"] as? String == "online")
            #expect(try await bench.run("events", "--limit", "0").status == .usage)
            #expect(try await bench.run("events").status == .success)
        }
    }

    @Test func `heartbeats are told before and after the first period`() async throws {
        try await AdminBench.withSatellite { bench in
            let before = try await bench.run("heartbeats")
            #expect(before.output.contains("there was no period yet"))
            #expect(try await bench.run("chores", "trigger", "heartbeat-period").status == .success)
            let json = try #require(try objects(try await bench.run("heartbeats", "--json").output).first)
            #expect(json["period"] != nil)
            #expect(try await bench.run("heartbeats", "--nodes").output.contains("verdicts"))
        }
    }

    @Test func `repair is told when there is nothing to do`() async throws {
        try await AdminBench.withSatellite { bench in
            let result = try await bench.run("repair")
            #expect(result.output.contains("0 segments, 0 due"))
            let json = try #require(try objects(try await bench.run("repair", "--json").output).first)
            #expect(json["queue_length"] as? Int == 0)
        }
    }

    // MARK: - Chores

    @Test func `a triggered chore is waited for`() async throws {
        try await AdminBench.withSatellite { bench in
            let before = try await bench.run("chores", "trigger", "ranged-loop", "--json")
            let first = try #require(try objects(before.output).first?["run_count"] as? Int)
            let after = try await bench.run("chores", "trigger", "ranged-loop", "--json")
            let second = try #require(try objects(after.output).first?["run_count"] as? Int)
            #expect(second > first)
            #expect(bench.upkeep.loop.progress.last != nil)
        }
    }

    @Test func `a chore that fails makes the trigger fail`() async throws {
        try await AdminBench.withSatellite { bench in
            let result = try await bench.run("chores", "trigger", "fails")
            #expect(result.status == .failure)
            #expect(result.messages.contains("this chore is broken"))
            #expect(try await bench.run("chores", "trigger", "fails", "--no-wait").status == .success)
        }
    }

    @Test func `chores are paused and resumed, and unknown ones told`() async throws {
        try await AdminBench.withSatellite { bench in
            let paused = try await bench.run("chores", "pause", "fails")
            #expect(paused.output.contains("fails: paused"))
            #expect(try await bench.run("status").output.contains("1 paused"))
            #expect(try await bench.run("chores", "resume", "fails").output.contains("fails: waiting"))
            #expect(try await bench.run("chores", "pause", "no such/chore").status == .notFound)
            #expect(try await bench.run("chores").output.contains("garbage-collection"))
        }
    }

    @Test func `a watch away from a terminal tells only changes`() async throws {
        try await AdminBench.withSatellite { bench in
            let result = try await bench.run("chores", "watch", "--count", "3", "--json")
            #expect(result.status == .success)
            let names = try objects(result.output).compactMap { $0["name"] as? String }
            #expect(names.contains("ranged-loop"))
            #expect(names.filter { $0 == "fails" } == ["fails"])
            #expect(names.filter { $0 == "garbage-collection" } == ["garbage-collection"])
        }
    }

    @Test func `a watch at a terminal draws over its table`() async throws {
        try await AdminBench.withSatellite { bench in
            var bench = bench
            bench.environment.isOutputTerminal = true
            let result = try await bench.run("chores", "watch", "--count", "2")
            #expect(result.output.components(separatedBy: "\u{1B}[J").count == 2)
            #expect(result.output.contains("pass over all segments"))
        }
    }
}
