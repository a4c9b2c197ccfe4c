import HTTPTypes
import S3Protocol
import StorageModel
import Testing

@Suite struct RangeRequestTests {
    @Test func `the three forms of a range are what HTTP says they are`() throws {
        #expect(try RangeRequest.parse("bytes=4-7")?.resolve(size: 11) == 4..<8)
        #expect(try RangeRequest.parse("bytes=4-")?.resolve(size: 11) == 4..<11)
        #expect(try RangeRequest.parse("bytes=-7")?.resolve(size: 11) == 4..<11)
        #expect(try RangeRequest.parse("bytes=-70")?.resolve(size: 11) == 0..<11)
        #expect(try RangeRequest.parse("bytes=4-99999999999999999999")?.resolve(size: 11) == 4..<11)
        #expect(RangeRequest.contentRange(4..<8, size: 11) == "bytes 4-7/11")
    }

    @Test func `a range outside of the object cannot be satisfied`() throws {
        for (text, size) in [("bytes=40-50", 11), ("bytes=11-", 11), ("bytes=-0", 11), ("bytes=0-0", 0), ("bytes=-1", 0)] {
            let range = try #require(RangeRequest.parse(text))
            let error = #expect(throws: S3Error.self) { try range.resolve(size: Int64(size)) }
            #expect(error?.code == .invalidRange)
        }
    }

    @Test func `what is no single range is as if it had not been sent`() {
        for text in ["", "bytes", "bytes=", "bytes=-", "bytes=7-4", "bytes=1-2,4-5", "items=1-2", "bytes=a-b", "bytes=+1-2"] {
            #expect(RangeRequest.parse(text) == nil, "\(text)")
        }
    }

    @Test func `a copy's range has to be whole and inside of its source`() throws {
        #expect(try CopySourceRange.parse("bytes=0-21", size: 22) == 0..<22)
        for text in ["bytes=0-", "bytes=-7", "bytes=5-4", "bytes=0-2,3-5", "0-2", "bytes=a-b"] {
            let error = #expect(throws: S3Error.self, "\(text)") { try CopySourceRange.parse(text, size: 22) }
            #expect(error?.code == .invalidArgument)
        }
        let error = #expect(throws: S3Error.self) { try CopySourceRange.parse("bytes=0-21", size: 5) }
        #expect(error?.code == .invalidRange)
    }
}
