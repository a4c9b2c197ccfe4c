import Identity
import StorageModel
import StorageNode
import StorjShare
import TestSupport
import Testing

@Suite struct HealthJudgeTests {
    /// What is found after a change to a fresh node's snapshot.
    private func findings(_ change: (inout NodeSnapshot, NodeID) -> Void) async throws -> [HealthFinding] {
        var found: [HealthFinding] = []
        try await ShareFixture.run { share in
            var snapshot = try await NodeSnapshot.take(of: share.node, at: share.clock.now)
            change(&snapshot, share.satellite.id)
            found = HealthJudge.findings(of: snapshot)
        }
        return found
    }

    private func reputation(_ change: @escaping (inout ReputationRow) -> Void) async throws -> HealthFinding? {
        try await findings { snapshot, satellite in
            var row = ReputationRow(satellite: satellite, start: 0, askedAt: snapshot.takenAt)
            change(&row)
            snapshot.reputations = [satellite: row]
        }.first { $0.kind.hasPrefix("reputation/") }
    }

    @Test func `a fresh node has nothing the matter`() async throws {
        #expect(try await findings { _, _ in }.isEmpty)
        #expect(try await reputation { _ in } == nil)
    }

    @Test func `what satellites do to a node is told with what to do`() async throws {
        let now = Timestamp(microseconds: 1)
        #expect(try await reputation { $0.disqualifiedAt = now }?.severity == .broken)
        #expect(try await reputation { $0.suspendedAt = now }?.severity == .broken)
        #expect(try await reputation { $0.offlineSuspendedAt = now }?.severity == .broken)
        #expect(try await reputation { $0.underReviewAt = now }?.severity == .warning)
        #expect(try await reputation { $0.auditScore = 950_000 }?.severity == .broken)
        #expect(try await reputation { $0.auditScore = 980_000 }?.severity == .warning)
        #expect(try await reputation { $0.onlineScore = 500_000 }?.severity == .broken)
        #expect(try await reputation { $0.onlineScore = 900_000 }?.severity == .warning)
        let answer124 = try await reputation { $0.auditScore = 980_000 }?.advice.contains("scrub")
        #expect(answer124 == true)
    }

    @Test func `a clock that is wrong by all satellites is this machine's, and is told with how to mend it`() {
        func finding(_ seconds: Int64...) -> HealthFinding? { HealthJudge.clock(seconds.map { .seconds($0) }).first }
        #expect(finding() == nil)
        #expect(finding(59) == nil)
        #expect(finding(90)?.severity == .warning)
        #expect(finding(90)?.sentence == "This machine's clock is 1 min 30 s slow.")
        #expect(finding(-7200, -7300)?.severity == .broken)
        #expect(finding(-7200, -7300)?.sentence == "This machine's clock is 2 h fast.")
        #expect(finding(-7200)?.advice.contains("NTP") == true)
        // One satellite's clock alone is that satellite's matter.
        #expect(finding(-7200, 3) == nil)
    }

    @Test func `the worst comes first, and makes the sentence`() async throws {
        try await ShareFixture.run { share in
            try await share.node.drain()
            var snapshot = try await NodeSnapshot.take(of: share.node, at: share.clock.now)
            #expect(HealthJudge.sentence(HealthJudge.findings(of: snapshot), of: snapshot).hasPrefix("All is well"))
            var row = ReputationRow(satellite: share.satellite.id, start: 0, askedAt: share.clock.now)
            row.disqualifiedAt = share.clock.now
            snapshot.reputations = [share.satellite.id: row]
            let findings = HealthJudge.findings(of: snapshot)
            #expect(findings.map(\.severity) == [.broken, .notice])
            #expect(HealthJudge.sentence(findings, of: snapshot) == findings.first?.sentence)
        }
    }

    @Test func `every byte of the allocated space is in one part`() async throws {
        try await ShareFixture.run { share in
            let status = await share.node.status()
            let parts = SpacePart.parts(of: status)
            #expect(parts.reduce(0) { $0 + $1.bytes } == status.allocatedSpace)
            #expect(parts.allSatisfy { $0.bytes >= 0 && !$0.explanation.isEmpty })
        }
    }
}
