import HTTPTypes
import S3Protocol
import StorageModel
import Testing

@Suite struct ConditionTests {
    private let tag = EntityTag(text: "abc")
    private let modified = Timestamp(microseconds: 1_795_410_000_500_000)
    private let before = "Mon, 23 Nov 2026 04:59:59 GMT"
    private let same = "Mon, 23 Nov 2026 05:00:00 GMT"

    private func verdict(_ headers: HTTPFields) -> ReadVerdict {
        ReadConditions(headers).evaluate(tag: tag, modified: modified)
    }

    @Test func `a reader gets what matches and nothing he has already`() {
        #expect(verdict([:]) == .proceed)
        #expect(verdict([.ifMatch: "\"abc\""]) == .proceed)
        #expect(verdict([.ifMatch: "abc"]) == .proceed)
        #expect(verdict([.ifMatch: "*"]) == .proceed)
        #expect(verdict([.ifMatch: "\"x\", \"y\""]) == .failed("if-match"))
        #expect(verdict([.ifNoneMatch: "\"x\", W/\"abc\""]) == .notModified)
        #expect(verdict([.ifNoneMatch: "\"x\""]) == .proceed)
        #expect(verdict([.ifModifiedSince: same]) == .notModified)
        #expect(verdict([.ifModifiedSince: before]) == .proceed)
        #expect(verdict([.ifUnmodifiedSince: before]) == .failed("if-unmodified-since"))
        #expect(verdict([.ifUnmodifiedSince: same]) == .proceed)
    }

    @Test func `a tag that is given silences its date, and a date that cannot be read is none`() {
        #expect(verdict([.ifMatch: "abc", .ifUnmodifiedSince: before]) == .proceed)
        #expect(verdict([.ifNoneMatch: "x", .ifModifiedSince: same]) == .proceed)
        #expect(verdict([.ifModifiedSince: "yesterday"]) == .proceed)
        #expect(ReadConditions([.ifModifiedSince: "yesterday"]).isEmpty)
    }

    @Test func `a writer overwrites only what he names`() throws {
        try WriteConditions([:]).check(existing: nil)
        try WriteConditions([.ifMatch: "\"abc\""]).check(existing: tag)
        try WriteConditions([.ifNoneMatch: "*"]).check(existing: nil)
        func code(_ headers: HTTPFields, _ existing: EntityTag?) -> S3ErrorCode? {
            #expect(throws: S3Error.self) { try WriteConditions(headers).check(existing: existing) }?.code
        }
        #expect(code([.ifMatch: "\"x\""], tag) == .preconditionFailed)
        #expect(code([.ifMatch: "*"], nil) == .noSuchKey)
        #expect(code([.ifNoneMatch: "*"], tag) == .preconditionFailed)
        #expect(code([.ifNoneMatch: "\"abc\""], tag) == .preconditionFailed)
    }
}
