import ClientCommands
import Foundation
import Testing

@Suite struct FileTimeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0, 0), ("2026-11-22T19:15:00.123456789Z", 1_795_374_900, 123_456_789),
        ("2026-11-22T20:15:00.5+01:00", 1_795_374_900, 500_000_000), ("2026-11-22T13:45:00-05:30", 1_795_374_900, 0),
        ("1969-12-31T23:59:59.25Z", -1, 250_000_000), ("2000-02-29T12:00:00Z", 951_825_600, 0), ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
    ] as [(String, Int64, Int32)])
    func `what rclone writes is read`(text: String, seconds: Int64, nanoseconds: Int32) {
        #expect(FileTime(text) == FileTime(seconds: seconds, nanoseconds: nanoseconds))
    }

    @Test(arguments: [
        "", "x", "2026-11-22", "2026-11-22T19:15:00", "2026-13-22T19:15:00Z", "2026-11-32T19:15:00Z", "2026-11-22T24:15:00Z",
        "2026-11-22T19:15:00.Z", "2026-11-22T19:15:00.1234567890Z", "2026-11-22T19:15:00Zx", "2026-11-22T19:15:00+1:00", "-026-11-22T19:15:00Z",
    ])
    func `anything else is not`(text: String) {
        #expect(FileTime(text) == nil)
    }

    @Test func `times are the same to the microsecond`() {
        let time = FileTime(seconds: 10, nanoseconds: 999_999_900)
        #expect(time.isSame(as: FileTime(seconds: 11, nanoseconds: 100)))
        #expect(!time.isSame(as: FileTime(seconds: 11, nanoseconds: 2000)))
        #expect(!FileTime(seconds: .min, nanoseconds: 0).isSame(as: FileTime(seconds: .max, nanoseconds: 0)))
    }

    @Test func `a date far off does not trap`() {
        #expect(FileTime(Date(timeIntervalSince1970: 1.5)) == FileTime(seconds: 1, nanoseconds: 499_999_999))
        #expect(FileTime(Date(timeIntervalSince1970: .greatestFiniteMagnitude)).seconds == 1_000_000_000_000_000)
    }
}
