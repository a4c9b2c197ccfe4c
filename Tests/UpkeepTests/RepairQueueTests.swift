import Database
import StorageModel
import TestSupport
import Testing

import Upkeep

@Suite struct RepairQueueTests {
    private let random = RandomSource.seeded(4)
    private let start = Timestamp(microseconds: 1_800_000_000_000_000)

    private func queue() async throws -> RepairQueue {
        let queue = RepairQueue(database: try Database.open(.memory))
        try await queue.migrate()
        return queue
    }

    private func row(_ survival: Double, retrievable: Int = 6) -> QueuedRepair {
        QueuedRepair(
            place: SegmentPlace(stream: StreamID.random(using: random), position: .zero), placement: 0,
            survival: survival, healthyCount: 5, retrievableCount: retrievable, requiredCount: 4)
    }

    private func due(_ queue: RepairQueue, _ count: Int = 10, at moment: Timestamp) async throws -> [Double] {
        try await queue.due(count, notTriedSince: moment, without: []).map(\.survival)
    }

    @Test func `those in the greatest danger come first, of equals those with fewer pieces`() async throws {
        let queue = try await queue()
        let (a, b) = (row(5, retrievable: 6), row(5, retrievable: 3))
        try await queue.put([row(20), a, row(1), b], at: start)
        let due = try await queue.due(3, notTriedSince: start, without: [])
        #expect(due.map(\.survival) == [1, 5, 5] && due[1].place == b.place)
        #expect(try await queue.counts(notTriedSince: start) == (4, 4, 1))
    }

    @Test func `what is under repair is not handed out again`() async throws {
        let queue = try await queue()
        let rows = [row(1), row(2), row(3)]
        try await queue.put(rows, at: start)
        #expect(try await queue.due(2, notTriedSince: start, without: [rows[0].place]).map(\.survival) == [2, 3])
    }

    @Test func `what was tried in vain waits, and a new look at it does not change that`() async throws {
        let queue = try await queue()
        let rows = [row(1), row(2)]
        try await queue.put(rows, at: start)
        try await queue.noteFailure(rows[0].place, problem: "no nodes", at: start.advanced(by: .seconds(10)))
        try await queue.put(rows, at: start.advanced(by: .seconds(20)))
        #expect(try await due(queue, at: start) == [2])
        #expect(try await due(queue, at: start.advanced(by: .seconds(10))) == [1, 2])
        let first = try #require(try await queue.list(1).first)
        #expect(first.attemptCount == 1 && first.problem == "no nodes")
        #expect(first.insertedAt == start && first.updatedAt == start.advanced(by: .seconds(20)))
        // In another state it is another case.
        var better = rows[0]
        better.retrievableCount = 7
        try await queue.put([better], at: start.advanced(by: .seconds(30)))
        #expect(try await due(queue, at: start) == [1, 2])
        try await queue.noteFailure(rows[0].place, problem: "no nodes", at: start.advanced(by: .seconds(40)))
        #expect(try await due(queue, at: start) == [2])
        try await queue.forgetAttempts()
        #expect(try await due(queue, at: start) == [1, 2])
    }

    @Test func `what no pass has seen since goes, however much it is`() async throws {
        let queue = try await queue()
        try await queue.put((0..<1234).map { row(Double($0)) }, at: start)
        let kept = row(7)
        try await queue.put([kept], at: start.advanced(by: .seconds(1)))
        #expect(try await queue.removeUnseen(since: start.advanced(by: .seconds(1))) == 1234)
        #expect(try await queue.list(10).map(\.place) == [kept.place])
    }

    @Test func `only what cannot be restored is listed as such`() async throws {
        let queue = try await queue()
        try await queue.put([row(0, retrievable: 3), row(1), row(2)], at: start)
        #expect(try await queue.list(10, onlyIrreparable: true).map(\.survival) == [0])
        #expect(try await queue.list(2).count == 2)
    }

    @Test func `a segment can be taken out`() async throws {
        let queue = try await queue()
        let rows = [row(1), row(2)]
        try await queue.put(rows, at: start)
        try await queue.remove(rows[0].place)
        try await queue.remove(rows[0].place)
        #expect(try await due(queue, at: start) == [2])
    }
}
