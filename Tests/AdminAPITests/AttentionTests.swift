import AdminAPI
import Foundation
import Testing

@Suite struct AttentionTests {
    private func attention(
        nodes: StatusAnswer.Nodes = Samples.nodes(online: 20), loop: LoopAnswer? = nil,
        durability: DurabilityAnswer = Samples.durability(lost: 0, atRisk: 0), heldUntil: Date? = nil,
        chores: [ChoreAnswer]? = nil
    ) throws -> [String] {
        StatusAnswer(
            id: "id", startedAt: Samples.now.addingTimeInterval(-86_400), now: Samples.now, nodes: nodes,
            loop: try loop ?? Samples.loop(), durability: durability,
            garbageHeldUntil: heldUntil, chores: try chores ?? [Samples.chore("ranged-loop")]
        ).attention
    }

    @Test func `a satellite in good order needs no attention`() throws {
        #expect(try attention() == [])
    }

    @Test func `lost segments come before those at risk, and both before chores`() throws {
        let sentences = try attention(
            durability: Samples.durability(lost: 1, atRisk: 3), chores: [Samples.chore("repair", error: "no database")])
        #expect(sentences.count == 3)
        #expect(sentences[0].hasPrefix("1 segment cannot be retrieved"))
        #expect(sentences[1].hasPrefix("3 segments can hardly lose another piece"))
        #expect(sentences[2] == "chore repair failed in its newest run: no database")
    }

    @Test func `a pass that left out an observer or is overdue is told`() throws {
        let sentences = try attention(
            loop: try Samples.loop(end: "2026-11-22T02:00:00Z", failures: #"{"durability":"broken"}"#))
        #expect(sentences.count == 2)
        #expect(sentences[0].contains("durability: broken"))
        #expect(sentences[1] == "no pass over all segments was completed for 10 hours")
    }

    @Test func `a paused pass is told as paused, not as overdue`() throws {
        let sentences = try attention(
            loop: try Samples.loop(end: "2026-11-22T02:00:00Z"), chores: [Samples.chore("ranged-loop", isPaused: true)])
        #expect(sentences == ["chore ranged-loop is paused: it runs only when it is triggered"])
    }

    @Test func `more nodes offline than usually come and go are told`() throws {
        #expect(try attention(nodes: Samples.nodes(online: 18, offline: 2)) == [])
        #expect(try attention(nodes: Samples.nodes(online: 17, offline: 3)) == ["3 of 20 nodes are offline"])
    }

    @Test func `garbage that is held back is told with the time that is left`() throws {
        let sentences = try attention(heldUntil: Samples.now.addingTimeInterval(48 * 3600))
        #expect(sentences.count == 1)
        #expect(sentences.first?.contains("for another 48 hours") == true)
    }

    @Test func `a chore that only runs on demand is no reason to look`() throws {
        let chores = [try Samples.chore("heartbeat-period", isPaused: true, isOnDemand: true)]
        #expect(try attention(chores: chores) == [])
    }
}
