import ArgumentParser
import ClientCommands
import Foundation
import Testing

@Suite struct TextFormatsTests {
    @Test(
        arguments: [
            (0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (10 << 10, "10 KiB"),
            (102_349, "100 KiB"), (1_048_575, "1 MiB"), (1 << 20, "1 MiB"), (67_108_864, "64 MiB"), (1 << 30, "1 GiB"),
            (1_288_490_189, "1.2 GiB"), (Int64.max, "8 EiB"), (-1536, "-1.5 KiB"),
        ] as [(Int64, String)])
    func `sizes for people have at most a tenth and never 1024 of a unit`(bytes: Int64, text: String) {
        #expect(SizeText.human(bytes) == text)
    }

    @Test(arguments: [("0", 0), ("64MiB", 64 << 20), ("10GB", 10_000_000_000), ("1 KiB", 1024)] as [(String, Int64)])
    func `sizes are read with and without units`(text: String, bytes: Int64) {
        #expect(SizeText.parse(text) == bytes)
    }

    @Test(arguments: ["", "x", "-1", "1.5MiB", "9999999999999999999", "9000000PB"])
    func `what is no size is none`(text: String) {
        #expect(SizeText.parse(text) == nil)
    }

    private let now = Date(timeIntervalSince1970: 1_795_348_800)
    private let zone = TimeZone(secondsFromGMT: 3600) ?? .gmt

    @Test(
        arguments: [
            ("now", 0), ("+2h", 7200), ("2h", 7200), ("-30m", -1800), ("1d12h", 129_600), ("+1w", 604_800),
            ("1.5h", 5400),
            ("500ms", 0.5), ("2026-11-22", -46_800), ("2026-11-22T12:00:00Z", 0), ("2026-11-22T12:00Z", 0),
            ("2026-11-22T13:00:00", 0), ("2026-11-22 13:00:00", 0), ("2026-11-22T14:00:00+02:00", 0),
            ("2026-11-22T07:00:00-0500", 0), ("2026-11-22T12:00:00.250Z", 0.25),
        ] as [(String, Double)])
    func `a moment is read relative, as a day, or as a time of a zone`(text: String, seconds: Double) throws {
        #expect(try TimeText.parse(text, now: now, timeZone: zone) == now.addingTimeInterval(seconds))
    }

    @Test func `none means no moment`() throws {
        #expect(try TimeText.parse("none", now: now, timeZone: zone) == nil)
    }

    @Test(arguments: [
        "", "+", "tomorrow", "2h30", "h", "2026-02-30", "2026-13-01", "2026-11-22T25:00:00Z",
        "2026-11-22T12:00:00+25:00",
        "1e400h", "99999999999w", "2026-11-22T12:00:00Zx", "٢h", "1.2.3h",
    ])
    func `what is no moment is refused with the forms there are`(text: String) {
        #expect(throws: ValidationError.self) { try TimeText.parse(text, now: now, timeZone: zone) }
    }

    @Test func `times are shown in the zone of the person and in UTC for programs`() {
        #expect(TimeText.display(now, in: zone) == "2026-11-22 13:00:00")
        #expect(TimeText.rfc3339(now) == "2026-11-22T12:00:00.000Z")
    }

    @Test(arguments: [
        ("plain", "plain"), ("grün 漢字 👩‍👩‍👧 ए", "grün 漢字 👩‍👩‍👧 ए"), ("a\u{1B}[2Jb", "a\\u{1b}[2Jb"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("a\u{202E}b", "a\\u{202e}b"), ("a\u{0}b\u{7F}", "a\\u{0}b\\u{7f}"), ("a\u{9B}b", "a\\u{9b}b"),
        ("a\u{2028}b\u{FEFF}", "a\\u{2028}b\\u{feff}"), ("\u{E000}", "\\u{e000}"),
    ])
    func `names lose the power over a terminal and nothing else`(text: String, shown: String) {
        #expect(text.printable == shown)
    }

    @Test func `a table is as wide as its widest cells`() {
        var table = TextTable([.init("SIZE", .right), .init("NAME")])
        table.add(["5 B", "a"])
        table.add(["1.5 MiB", "bad\u{1B}name"])
        #expect(table.lines == ["   SIZE  NAME", "    5 B  a", "1.5 MiB  bad\\u{1b}name"])
    }

    @Test func `metadata is read as pairs or as JSON`() throws {
        #expect(try MetadataText.parse("a=b,c=d=e,f=") == ["a": "b", "c": "d=e", "f": ""])
        #expect(try MetadataText.parse("{\"a,b\":\"c=d\"}") == ["a,b": "c=d"])
        for text in ["a", "=b", "{\"a\":1}", "{", "a=b,a=c"] {
            #expect(throws: ValidationError.self) { try MetadataText.parse(text) }
        }
    }

    @Test func `programs get snake case names, sorted, and metadata as it is`() throws {
        struct Row: Encodable {
            let createdAt: Date
            let someMetadata: [String: String]
            let nothing: String?
        }
        let output = CommandOutput.inMemory()
        try output.json(Row(createdAt: now, someMetadata: ["aKey": "x/y\u{1B}"], nothing: nil))
        let line = #"{"created_at":"2026-11-22T12:00:00.000Z","some_metadata":{"aKey":"x/y\u001b"}}"# + "\n"
        #expect(output.text == line)
    }
}
