import S3Protocol
import StorageModel
import Testing

@Suite struct S3DateTests {
    private let moment = Timestamp(microseconds: 784_111_777_250_000)

    @Test func `a moment has its three spellings`() {
        #expect(S3Date.http(moment) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(S3Date.iso8601(moment) == "1994-11-06T08:49:37.250Z")
        #expect(S3Date.compact(moment) == "19941106T084937Z")
    }

    @Test func `every spelling is read again`() {
        let whole = Timestamp(microseconds: 784_111_777_000_000)
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
            "06 Nov 1994 08:49:37 +0000", "Sun, 06 Nov 1994 10:49:37 +0200",
        ] {
            #expect(S3Date.parseHTTP(text) == whole, "\(text)")
        }
        #expect(S3Date.parseCompact("19941106T084937Z") == whole)
        #expect(S3Date.parseISO8601("1994-11-06T08:49:37.250Z") == moment)
        #expect(S3Date.parseISO8601("1994-11-06T08:49:37Z") == whole)
        #expect(S3Date.parseISO8601("1994-11-06T10:49:37+02:00") == whole)
        #expect(S3Date.parseISO8601("1970-01-02") == Timestamp(microseconds: 86_400_000_000))
    }

    @Test func `what is no date is none`() {
        for text in ["", "Bad Date", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "06 Nov", "1 2 3 4 5"] {
            #expect(S3Date.parseHTTP(text) == nil, "\(text)")
        }
        for text in ["", "1994", "1994-13-01", "1994-11-06T", "1994-11-06T08:49", "1994-11-06T08:49:37", "x-y-z"] {
            #expect(S3Date.parseISO8601(text) == nil, "\(text)")
        }
        for text in ["19941306T084937Z", "19941106T084937", "1994110 T084937Z", ""] {
            #expect(S3Date.parseCompact(text) == nil, "\(text)")
        }
    }

    @Test func `the calendar goes there and back over four centuries`() {
        for day in stride(from: -141_428, to: 146_097, by: 17) {
            let moment = Timestamp(microseconds: Int64(day) * 86_400_000_000)
            #expect(CalendarDate(moment).timestamp == moment)
        }
    }
}
