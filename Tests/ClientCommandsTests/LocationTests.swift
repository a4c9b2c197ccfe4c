import ArgumentParser
import ClientCommands
import Testing

@Suite struct LocationTests {
    @Test(arguments: [
        ("sj://", "", ""), ("sj://photos", "photos", ""), ("sj://photos/", "photos", ""),
        ("sj://photos/a", "photos", "a"),
        ("sj://photos/a/b/", "photos", "a/b/"), ("sj://photos//a", "photos", "/a"),
        ("sj://photos/a b?#%20", "photos", "a b?#%20"),
        ("sj://photos/\u{301}x", "photos", "\u{301}x"),
    ])
    func `a remote path is a bucket and everything behind its slash`(text: String, bucket: String, key: String) throws {
        let path = RemotePath(bucket: bucket, key: key)
        #expect(try RemotePath.parse(text) == path)
        #expect(try Location.parse(text) == .remote(path))
    }

    @Test(arguments: ["sj:///key", "sj:/bucket", "bucket", "", "s3://bucket/key", "SJ://bucket"])
    func `what is not a remote path is refused with words`(text: String) {
        #expect(throws: ValidationError.self) { try RemotePath.parse(text) }
    }

    @Test(arguments: ["a", "./sj://x", "/tmp/a b", "C:\\x", "a:b", "..", "-x", "a/b:c"])
    func `other texts are local paths as typed`(text: String) throws {
        #expect(try Location.parse(text) == .local(path: text))
        #expect(try Location.parse(text).description == text)
    }

    @Test func `a dash means the standard streams`() throws {
        #expect(try Location.parse("-") == .standardStreams)
    }

    @Test(arguments: ["", "s3://bucket/key", "http://x", "https:/x", "a\0b"])
    func `other schemes, nothing and NUL are refused`(text: String) {
        #expect(throws: ValidationError.self) { try Location.parse(text) }
    }

    @Test func `a place below another gets one slash between`() {
        #expect(RemotePath(bucket: "b").appending("x").description == "sj://b/x")
        #expect(RemotePath(bucket: "b", key: "a").appending("x").description == "sj://b/a/x")
        #expect(RemotePath(bucket: "b", key: "a/").appending("x").description == "sj://b/a/x")
    }

    @Test func `commands that need a bucket or a key say so`() throws {
        let project = RemotePath(bucket: "")
        let bucket = RemotePath(bucket: "b")
        let key = RemotePath(bucket: "b", key: "k")
        #expect(throws: ValidationError.self) { try project.requireBucket() }
        #expect(throws: ValidationError.self) { try bucket.requireKey() }
        #expect(throws: ValidationError.self) { try key.requireOnlyBucket() }
        try bucket.requireOnlyBucket()
        try key.requireKey()
    }
}
