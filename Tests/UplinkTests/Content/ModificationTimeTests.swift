import Testing
import Uplink

@Suite struct ModificationTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.000000001Z"), (-1, "1969-12-31T23:59:59.999999999Z"),
            (1_767_225_600_500_000_000, "2026-01-01T00:00:00.5Z"), (951_782_400_000_000_000, "2000-02-29T00:00:00Z"),
        ] as [(Int64, String)])
    func `times are written and read`(_ nanoseconds: Int64, _ text: String) {
        #expect(ModificationTime.text(nanoseconds) == text)
        #expect(ModificationTime.nanoseconds(text) == nanoseconds)
    }

    @Test func `other time zones are understood`() {
        #expect(ModificationTime.nanoseconds("2026-01-01T02:30:00.5+02:30") == 1_767_225_600_500_000_000)
        #expect(ModificationTime.nanoseconds("2025-12-31T19:00:00-05:00") == 1_767_225_600_000_000_000)
    }

    @Test(arguments: [
        "", "yesterday", "2026-01-01", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00.1234567890Z", "9999-01-01T00:00:00Z", "2026-01-01T00:00:00Zx",
    ])
    func `what is no time is refused`(_ text: String) {
        #expect(ModificationTime.nanoseconds(text) == nil)
    }
}
