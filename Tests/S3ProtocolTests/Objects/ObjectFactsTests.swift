import HTTPTypes
import S3Protocol
import StorageModel
import Testing

@Suite struct ObjectFactsTests {
    private let everything: HTTPFields = [
        .contentType: "text/plain", .cacheControl: "no-cache", .contentEncoding: "gzip, aws-chunked",
        .contentDisposition: "inline", .contentLanguage: "de", .expires: "Thu, 01 Jan 2030 00:00:00 GMT",
        HTTPField.Name("x-amz-meta-Some-Name")!: "value", HTTPField.Name("x-amz-meta-empty")!: "",
        HTTPField.Name("x-amz-tagging")!: "foo=bar&bar&a%20b=%26",
        HTTPField.Name("x-amz-website-redirect-location")!: "/elsewhere",
    ]

    @Test func `what a write says comes back from the metadata it is stored in`() throws {
        var facts = try ObjectFacts(everything)
        facts.entityTag = EntityTag(text: "\"37b51d194a7513e45b56f6524f2d51f2\"")
        facts.checksum = ObjectChecksum(algorithm: .crc32, text: "AAAAAA==")
        facts.isEncryptionManaged = true
        facts.accessControl = "<AccessControlPolicy/>"
        facts.foreign = ["rclone:mtime": "1", "s3:tags-of-others": "x"]
        #expect(ObjectFacts(metadata: facts.metadata) == facts)
        #expect(facts.metadata["s3:etag"] == "37b51d194a7513e45b56f6524f2d51f2")
        #expect(facts.metadata["X-Amz-Meta-Some-Name"] == "value")
        #expect(facts.metadata["content-encoding"] == "gzip")
        #expect(facts.metadata["s3:tags"] == "a%20b=%26&bar=&foo=bar")
    }

    @Test func `a coding that only carries chunks is no coding of the object`() throws {
        for (sent, kept) in [
            ("aws-chunked", nil), ("aws-chunked, aws-chunked", nil), ("aws-chunked, gzip", "gzip"),
            ("deflate, gzip", "deflate, gzip"),
        ] {
            #expect(try ObjectFacts([.contentEncoding: sent]).headers[.contentEncoding] == kept)
        }
    }

    @Test func `a reader gets the stored headers or the ones he asks for instead`() throws {
        let facts = try ObjectFacts(everything)
        var fields = HTTPFields()
        facts.add(to: &fields) { $0 == "response-content-type" ? "foo/bar" : nil }
        #expect(fields[.contentType] == "foo/bar" && fields[.cacheControl] == "no-cache")
        #expect(fields[HTTPField.Name("x-amz-meta-some-name")!] == "value")
        #expect(fields[HTTPField.Name("x-amz-tagging-count")!] == "3")
        var bare = HTTPFields()
        ObjectFacts(metadata: ["plain": "1", "not a name": "2", "bad": "a\nb"]).add(to: &bare) { _ in nil }
        #expect(bare[.contentType] == "binary/octet-stream" && bare[HTTPField.Name("x-amz-meta-plain")!] == "1")
        #expect(bare.count == 2)
    }

    @Test func `metadata beyond two KiB is refused`() {
        let name = HTTPField.Name("x-amz-meta-a")!
        #expect(throws: Never.self) { try ObjectFacts([name: String(repeating: "x", count: 2047)]) }
        #expect { try ObjectFacts([name: String(repeating: "x", count: 2048)]) } throws: {
            ($0 as? S3Error)?.code == .metadataTooLarge
        }
    }

    @Test func `a redirection leads to a path or a site`() {
        let name = HTTPField.Name("x-amz-website-redirect-location")!
        #expect { try ObjectFacts([name: "elsewhere"]) } throws: { ($0 as? S3Error)?.code == .invalidArgument }
    }

    @Test func `an object of another program gets a tag that nobody takes for an MD5`() {
        let facts = ObjectFacts(metadata: ["rclone:mtime": "1"])
        let first = facts.tag(size: 1, createdAt: Timestamp(microseconds: 5))
        #expect(first.text.hasSuffix("-0") && first.text.count == 34)
        #expect(first == facts.tag(size: 1, createdAt: Timestamp(microseconds: 5)))
        #expect(first != facts.tag(size: 2, createdAt: Timestamp(microseconds: 5)))
        #expect(first != facts.tag(size: 1, createdAt: Timestamp(microseconds: 6)))
    }

    @Test func `the tag of many parts tells their number`() {
        var facts = ObjectFacts()
        for (text, count) in [("abc-12", 12), ("abc-0", nil), ("abc", nil), ("a-b-3", nil)] as [(String, Int?)] {
            facts.entityTag = EntityTag(text: text)
            #expect(facts.partCount == count)
        }
    }
}

@Suite struct PartFactsTests {
    private let md5 = [UInt8](0..<16)

    @Test func `a part's tag comes back with its checksum`() throws {
        let checksum = try #require(ObjectChecksum(algorithm: .crc64nvme, text: "Qeh8oXvGiSo="))
        for facts in [PartFacts(md5: md5), PartFacts(md5: md5, checksum: checksum)] {
            #expect(PartFacts(facts.bytes) == facts)
        }
        #expect(PartFacts(md5)?.md5 == md5, "as some clients keep it")
    }

    @Test func `what is no part's tag is none`() {
        let hex = String(repeating: "0a", count: 16)
        for text in ["", "x", hex + " md4=AA==", hex + " crc32=AA==", hex + " crc32", hex + "0a"] {
            #expect(PartFacts(Array(text.utf8)) == nil, "\(text)")
        }
    }
}
