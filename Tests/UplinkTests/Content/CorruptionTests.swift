import Foundation
import NIOCore
import TestSupport
import Testing
import Uplink

@Suite struct CorruptionTests {
    @Test(arguments: [1, 2])
    func `lying nodes are found out and corrected`(_ liars: Int) async throws {
        let bench = try await ContentBench()
        let content = pattern(300_000)
        try await bench.put(content, "key")
        for start in 0..<10 {
            for node in bench.nodes { node.isCorrupt = false }
            for liar in 0..<liars { bench.nodes[(start + liar) % 10].isCorrupt = true }
            #expect(try await bench.get("key") == content)
            #expect(try await bench.get("key", .bytes(100_000..<100_010)) == Array(content[100_000..<100_010]))
        }
    }

    @Test func `when too many nodes lie nothing wrong is delivered`() async throws {
        let bench = try await ContentBench()
        try await bench.put(pattern(300_000), "key")
        for node in bench.nodes { node.isCorrupt = true }
        #expect(await code { _ = try await bench.get("key") } == .corruptData)
    }

    @Test func `dead nodes are done without while enough are left`() async throws {
        let bench = try await ContentBench()
        let content = pattern(300_000)
        try await bench.put(content, "key")
        for node in bench.nodes[..<4] { node.isDown = true }
        #expect(try await bench.get("key") == content)
        for node in bench.nodes[..<7] { node.isDown = true }
        #expect(await code { _ = try await bench.get("key") } == .notEnoughNodes)
    }

    @Test func `an upload does without two dead nodes`() async throws {
        let bench = try await ContentBench()
        for node in bench.nodes[..<2] { node.isDown = true }
        let content = pattern(300_000)
        try await bench.put(content, "key")
        #expect(try await bench.get("key") == content)
    }
}
