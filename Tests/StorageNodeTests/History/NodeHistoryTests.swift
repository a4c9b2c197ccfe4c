import Database
import StorageModel
import StorageNode
import TestSupport
import Testing

@Suite struct NodeHistoryTests {
    private let satellite = NodeID.random(using: .seeded(1))
    private let clock = TestClock()

    private func history() async throws -> NodeHistory {
        try await NodeHistory.open(try Database.open(.memory), clock: clock.wallClock)
    }

    @Test func `transfers of an hour are summed by action, and again by day`() async throws {
        let history = try await history()
        history.count(satellite: satellite, action: 2, bytes: 100)
        history.count(satellite: satellite, action: 2, bytes: 50)
        history.count(satellite: satellite, action: 1, bytes: 7)
        try await history.flush()
        clock.advance(by: .seconds(3600))
        history.count(satellite: satellite, action: 2, bytes: 1)
        try await history.flush()

        let hours = try await history.traffic(.hour, from: 0)
        #expect(hours.filter { $0.action == 2 }.map(\.bytes) == [150, 1])
        #expect(hours.filter { $0.action == 2 }.map(\.transfers) == [2, 1])
        let days = try await history.traffic(.day, from: 0, of: satellite)
        #expect(days.filter { $0.action == 2 }.reduce(0) { $0 + $1.bytes } == 151)
        #expect(days.first { $0.action == 1 }?.bytes == 7)
        #expect(try await history.traffic(.day, from: 0, of: NodeID.random(using: .seeded(2))).isEmpty)
    }

    @Test func `hours are forgotten after eight days and days are not`() async throws {
        let history = try await history()
        history.count(satellite: satellite, action: 2, bytes: 100)
        try await history.flush()
        clock.advance(by: .seconds(9 * 86400))
        try await history.flush()
        #expect(try await history.traffic(.hour, from: 0).isEmpty)
        #expect(try await history.traffic(.day, from: 0).map(\.bytes) == [100])
    }

    @Test func `what is stored adds up over time, and the newest look is what is shown`() async throws {
        let history = try await history()
        let look = SpaceRow(satellite: satellite, start: 0, byteHours: 10, content: 100, live: 110, trash: 5, pieces: 2)
        try await history.add([look], seconds: 60, reached: true)
        try await history.add([look], seconds: 60, reached: false)
        let day = try #require(try await history.space(.day, from: 0).first)
        #expect(day.byteHours == 20)
        #expect(day.content == 100)
        let uptime = try #require(try await history.uptime(.day, from: 0).first)
        #expect(uptime.seconds == 120)
        #expect(uptime.reached == 60)
    }

    @Test func `of a day the last word of a satellite counts`() async throws {
        let history = try await history()
        let day = HistorySpan.day.start(of: clock.now)
        var row = ReputationRow(satellite: satellite, start: day, askedAt: clock.now)
        try await history.keep(row)
        row.auditScore = 960_000
        row.suspendedAt = clock.now
        try await history.keep(row)
        #expect(try await history.reputation(from: 0) == [row])
        #expect(try await history.latestReputations() == [satellite: row])
    }
}
