import Orders
import PieceTransfer
import StorageModel
import Testing

@Suite struct PiecePushTests {
    private func push(
        _ fixture: UploadFixture, _ content: [UInt8], _ numbers: [Int], goal: Int, within limit: Duration = .seconds(300)
    ) async throws -> PiecePushReport {
        let segment = try await fixture.segment(content)
        let limits = (0..<fixture.scheme.totalShares).map {
            numbers.contains($0) ? fixture.limit($0, on: fixture.nodes[$0]) : nil
        }
        return try await PiecePush(uploader: fixture.uploader).push(
            segment, limits: limits, key: fixture.key, goal: goal, within: limit)
    }

    @Test func `only the pieces that are offered are stored`() async throws {
        let fixture = UploadFixture()
        let content = fixture.content(count: 300_000)
        let report = try await push(fixture, content, [1, 5, 9], goal: 3)
        #expect(report.stored.map(\.number) == [1, 5, 9] && report.failures.isEmpty)
        #expect(fixture.areStored(report.stored, of: content))
        #expect(fixture.nodes.filter { $0.callCount > 0 }.count == 3)
    }

    @Test func `a single piece is enough of a goal`() async throws {
        let fixture = UploadFixture()
        let content = fixture.content(count: 10_000)
        let report = try await push(fixture, content, [7], goal: 1)
        #expect(report.stored.map(\.number) == [7] && fixture.areStored(report.stored, of: content))
    }

    @Test func `what nodes refuse is missing and the rest is stored`() async throws {
        let fixture = UploadFixture()
        fixture.nodes[2].behaviour = .refusing
        fixture.nodes[4].behaviour = .dying(after: 1000)
        let content = fixture.content(count: 300_000)
        let report = try await push(fixture, content, [2, 3, 4, 8], goal: 4)
        #expect(report.stored.map(\.number) == [3, 8])
        #expect(Set(report.failures.map(\.number)) == [2, 4])
        #expect(fixture.areStored(report.stored, of: content))
    }

    @Test func `when all nodes refuse nothing is stored and nothing thrown`() async throws {
        let fixture = UploadFixture()
        for node in fixture.nodes { node.behaviour = .refusing }
        let report = try await push(fixture, fixture.content(count: 10_000), [0, 1], goal: 2)
        #expect(report.stored.isEmpty && report.failures.count == 2)
    }

    @Test func `a node that lies about what it stored does not count`() async throws {
        let fixture = UploadFixture()
        fixture.nodes[1].behaviour = .early
        let report = try await push(fixture, fixture.content(count: 300_000), [0, 1, 2], goal: 3)
        #expect(report.stored.map(\.number) == [0, 2])
    }

    @Test func `a silent node is left behind when the goal is reached`() async throws {
        let fixture = UploadFixture()
        fixture.nodes[3].behaviour = .silent
        let report = try await push(fixture, fixture.content(count: 50_000), [2, 3, 4], goal: 2)
        #expect(report.stored.map(\.number) == [2, 4])
    }

    @Test func `at the end of the time what is stored counts`() async throws {
        let fixture = UploadFixture()
        fixture.nodes[3].behaviour = .silent
        let report = try await fixture.clock.run(from: { await fixture.answers.reaches(2) }, step: .milliseconds(200)) {
            try await push(fixture, fixture.content(count: 50_000), [2, 3, 4], goal: 3, within: .seconds(10))
        }
        #expect(report.stored.map(\.number) == [2, 4])
    }

    @Test func `nobody moving for the time of an upload ends it with what is stored`() async throws {
        let fixture = UploadFixture()
        fixture.nodes[3].behaviour = .stalling
        let report = try await fixture.clock.run(from: { await fixture.answers.reaches(1) }, step: .milliseconds(500)) {
            try await push(fixture, fixture.content(count: 900_000), [2, 3], goal: 2, within: .seconds(3600))
        }
        #expect(report.stored.map(\.number) == [2])
    }
}
