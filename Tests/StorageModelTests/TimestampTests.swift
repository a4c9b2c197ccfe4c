import StorageModel
import TestSupport
import Testing

@Suite struct TimestampTests {
    @Test func `the range of the wire is enforced at both ends`() throws {
        #expect(Timestamp(seconds: Timestamp.unsetSeconds, nanoseconds: 0)?.isUnset == true)
        #expect(Timestamp(seconds: Timestamp.unsetSeconds - 1, nanoseconds: 0) == nil)
        #expect(Timestamp(seconds: Timestamp.limitSeconds, nanoseconds: 0) == nil)
        #expect(Timestamp(seconds: Timestamp.limitSeconds - 1, nanoseconds: 999_999_999) != nil)
        #expect(Timestamp(seconds: 0, nanoseconds: 1_000_000_000) == nil)
        #expect(Timestamp(seconds: 0, nanoseconds: -1) == nil)
        #expect(Timestamp(seconds: 0, nanoseconds: 0)?.isUnset == false)
    }

    @Test(arguments: [0, 1, -1, 999_999, -999_999, 1_000_000, -1_000_000, 1_767_225_600_123_456] as [Int64])
    func `microseconds survive, before and after 1970`(microseconds: Int64) {
        let time = Timestamp(microseconds: microseconds)
        #expect(time.microseconds == microseconds)
        #expect((0..<1_000_000_000).contains(time.nanoseconds))
        #expect(time.truncatedToMicroseconds == time)
    }

    @Test(arguments: [Int64.min, .max]) func `absurd microseconds are clamped to the legal range`(microseconds: Int64) {
        let time = Timestamp(microseconds: microseconds)
        #expect(Timestamp(seconds: time.seconds, nanoseconds: time.nanoseconds) == time)
    }

    @Test func `truncation cuts nanoseconds off and never rounds up`() throws {
        let time = try #require(Timestamp(seconds: 5, nanoseconds: 123_456_999))
        #expect(time.truncatedToMicroseconds.nanoseconds == 123_456_000)
        let before = try #require(Timestamp(seconds: -5, nanoseconds: 123_456_999))
        #expect(before.truncatedToMicroseconds <= before)
    }

    @Test func `moving by a duration and measuring it agree`() throws {
        let random = RandomSource.seeded(4)
        for _ in 0..<500 {
            let start = Timestamp(microseconds: Int64(random.bytes(count: 1)[0]) * 1_234_567_890)
            let nanoseconds = Int64(bitPattern: UInt64(random.bytes(count: 7).reduce(0) { $0 << 8 | UInt64($1) }))
            let duration = Duration.nanoseconds(nanoseconds - 1 << 55)
            let moved = start.advanced(by: duration)
            #expect(moved.duration(since: start) == duration)
            #expect((moved < start) == (duration < .zero))
        }
    }

    @Test func `moving past the ends of time stops at them`() throws {
        let now = Timestamp(microseconds: 0)
        let last = now.advanced(by: .seconds(Int64.max))
        let first = now.advanced(by: .seconds(-Int64.max))
        #expect(last.seconds == Timestamp.limitSeconds - 1)
        #expect(first.seconds == Timestamp.unsetSeconds)
        #expect(last.advanced(by: .seconds(Int64.max)) == last)
        #expect(first.advanced(by: .nanoseconds(-1)) == first)
    }

    @Test func `an hour starts at or before each of its moments`() throws {
        for seconds in [-7201, -7200, -3601, -3600, -1, 0, 1, 3599, 3600, 3601] as [Int64] {
            let time = try #require(Timestamp(seconds: seconds, nanoseconds: 5))
            let hour = time.startOfHour
            #expect(hour.seconds % 3600 == 0 && hour.nanoseconds == 0)
            #expect(hour <= time && time.duration(since: hour) < .seconds(3600))
        }
    }
}
