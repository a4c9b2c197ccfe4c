import ArgumentParser
import ClientCommands
import Foundation
import TestSupport
import Testing
import Uplink

@Suite struct HealthCommandTests {
    private func segment(
        _ index: Int, retrievable: Int = 80, healthy: Int = 80, isQueued: Bool = false, isInline: Bool = false
    ) -> SegmentHealth {
        let pieces = (0..<(isInline ? 0 : 80)).map { number in
            SegmentHealth.Piece(
                number: number, node: "node\(number)", state: number < retrievable ? .healthy : .lost,
                country: number < 60 ? "DE" : "FR", network: "10.0.\(number).0")
        }
        return SegmentHealth(
            partNumber: 0, index: index, encryptedSize: 64 << 20, isInline: isInline, required: 29, repair: 35,
            optimal: 80, total: 110, healthy: healthy, retrievable: retrievable, isQueuedForRepair: isQueued,
            pieces: pieces)
    }

    private func show(_ segments: [SegmentHealth], _ flags: String...) async throws -> (lines: [String], worst: String?) {
        try await withTemporaryFolder { folder in
            let command = try #require(
                try TestProgram.parseAsRoot(["health", "sj://photos/beach.jpg"] + flags) as? HealthCommand)
            var environment = CommandEnvironment(now: { CommandRunner.now })
            environment.variables["STORJ_CONFIG_DIR"] = folder.path
            let output = CommandOutput.inMemory()
            let session = try CommandSession(
                options: command.client, flags: [:], environment: environment, output: output, messages: .inMemory())
            let (stream, continuation) = AsyncThrowingStream<SegmentHealth, any Error>.makeStream()
            for segment in segments { continuation.yield(segment) }
            continuation.finish()
            let worst = try await command.show(stream, session)
            return (output.text.split(separator: "\n").map(String.init), worst?.rawValue)
        }
    }

    @Test func `healthy segments are counted, the others listed, and the worst names the whole`() async throws {
        let (lines, worst) = try await show([
            segment(0), segment(1, retrievable: 34, healthy: 34, isQueued: true), segment(2, retrievable: 30, healthy: 30),
            segment(3, isInline: true),
        ])
        #expect(worst == "atRisk")
        let text = lines.joined(separator: "\n")
        #expect(text.contains("at risk"))
        #expect(text.contains("4: 1 kept by the satellite, 1 healthy, 1 degraded, 1 at risk"))
        #expect(text.contains("1 wait for repair"))
        #expect(text.contains("2: 30 pieces can be had, 29 are needed"))
        #expect(lines.contains { $0.contains("degraded") && $0.contains("waits for repair") })
        #expect(!lines.contains { $0.hasPrefix("      0") })
    }

    @Test func `a map shows how pieces are spread`() async throws {
        let (lines, _) = try await show([segment(0)])
        #expect(lines.contains { $0.hasPrefix("  DE  60  ####") })
        #expect(lines.contains { $0.hasPrefix("  FR  20  ####") })
        #expect(lines.contains("  and 60 more with 60 pieces"))
    }

    @Test func `every piece is listed on request`() async throws {
        let (lines, _) = try await show([segment(0, retrievable: 79)], "--pieces")
        #expect(lines.count { $0.contains("node") && $0.contains("10.0.") } == 80)
        #expect(lines.contains { $0.contains("lost") && $0.contains("node79") })
    }

    @Test func `programs get a line a segment and a summary`() async throws {
        let (lines, _) = try await show([segment(0), segment(1, retrievable: 20, healthy: 20)], "--json")
        let objects = try lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects.count == 3)
        #expect((objects[0]["pieces"] as? [[String: Any]])?.count == 80)
        #expect(objects[1]["condition"] as? String == "lost")
        #expect(objects[2]["summary"] as? Bool == true)
        #expect(objects[2]["conditions"] as? [String: Int] == ["healthy": 1, "lost": 1])
        #expect(objects[2]["countries"] as? [String: Int] == ["DE": 120, "FR": 40])
    }

    @Test func `names a satellite makes up cannot steer the terminal`() async throws {
        let hostile = SegmentHealth.Piece(
            number: 0, node: "n", state: .healthy, country: "\u{1B}[2J", network: "a\nb")
        let segment = SegmentHealth(
            partNumber: 0, index: 0, encryptedSize: 1, isInline: false, required: 1, repair: 1, optimal: 1, total: 1,
            healthy: 1, retrievable: 1, isQueuedForRepair: false, pieces: [hostile])
        let (lines, _) = try await show([segment], "--pieces")
        #expect(!lines.joined().contains("\u{1B}"))
        #expect(!lines.contains("b"))
    }

    @Test func `only objects can be asked about`() {
        #expect(mistake("health", "sj://photos")?.contains("names no object") == true)
        #expect(mistake("health", "beach.jpg") != nil)
    }
}
