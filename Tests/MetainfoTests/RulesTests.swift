import Metainfo
import StorageModel
import TestSupport
import Testing

@Suite struct RulesTests {
    @Test(arguments: ["abc", "a1-b2.c3d", "0.0.0.256", "1.2.3.4.5", String(repeating: "a", count: 63)])
    func `a good bucket name has no problem`(_ name: String) {
        #expect(BucketName.problem(of: Array(name.utf8)) == nil)
    }

    @Test(arguments: [
        "", "ab", "aBc", "-ab", "ab-", "a..b", ".ab", "ab.", "a_b", "192.168.0.1", "bücket",
        String(repeating: "a", count: 64),
    ])
    func `a bad bucket name has a problem`(_ name: String) {
        #expect(BucketName.problem(of: Array(name.utf8)) != nil)
    }

    @Test func `sizes and durations read as in the field`() {
        #expect(HumanText.size(0) == "0 B")
        #expect(HumanText.size(1023) == "1023 B")
        #expect(HumanText.size(1024) == "1.0 KiB")
        #expect(HumanText.size(5 << 20) == "5.0 MiB")
        #expect(HumanText.duration(.seconds(3600)) == "1h0m0s")
        #expect(HumanText.duration(.seconds(61)) == "1m1s")
        #expect(HumanText.duration(.seconds(9)) == "9s")
    }

    @Test(
        arguments: [
            ("rclone uplink/v1.14.3", "rclone"), ("uplink/v1.14.3", nil),
            ("Zenko/1.0 (a (b) c) FileZilla", "Zenko/1.0 FileZilla"),
            ("drpc common", nil), ("open (comment", nil), ("", nil),
        ] as [(String, String?)])
    func `an attribution leaves out our own libraries`(_ header: String, _ expected: String?) {
        #expect(UserAgent.attribution(of: Array(header.utf8)) == expected.map { Array($0.utf8) })
    }

    @Test func `an attribution ends before the product that would make it too long`() {
        let header = "first/" + String(repeating: "1", count: 480) + " second/" + String(repeating: "2", count: 30)
        let attribution = UserAgent.attribution(of: Array(header.utf8))
        #expect(attribution?.count == 486)
    }

    @Test func `a rate lets its burst through at once and then its pace`() {
        let limit = RateLimit(perSecond: 10, burst: 3)
        var bucket = TokenBucket()
        let start: Int64 = 1_800_000_000_000_000
        #expect((0..<5).map { _ in bucket.take(limit, now: start) } == [true, true, true, false, false])
        #expect(bucket.take(limit, now: start + 99_999) == false)
        #expect(bucket.take(limit, now: start + 100_000) == true)
        #expect(bucket.take(limit, now: start + 100_000) == false)
    }

    @Test func `keys do not share the rate of another key`() {
        let clock = TestClock()
        let limiter = ObjectRateLimiter(limit: RateLimit(perSecond: 1, burst: 1), clock: clock.wallClock)
        let project = ProjectID.random(using: .seeded(1))
        #expect(limiter.take(project: project, bucket: [1], key: [1]))
        #expect(!limiter.take(project: project, bucket: [1], key: [1]))
        #expect(limiter.take(project: project, bucket: [1], key: [2]))
    }
}
