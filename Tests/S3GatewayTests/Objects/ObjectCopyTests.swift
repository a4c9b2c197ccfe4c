import HTTPTypes
import S3Protocol
import Testing

@Suite struct ObjectCopyTests {
    private func bench() async throws -> GatewayBench {
        let bench = try await GatewayBench()
        for bucket in ["bucket", "other"] { #expect(try await bench.call(.put, "/\(bucket)").status == 200) }
        let put = try await bench.call(
            .put, "/bucket/key", ["content-type": "text/plain", "x-amz-meta-a": "1", "x-amz-tagging": "k=v"],
            body: "content")
        #expect(put.status == 200)
        return bench
    }

    @Test func `a copy keeps what its source was said to be`() async throws {
        let bench = try await bench()
        let copied = try await bench.call(.put, "/other/copy", ["x-amz-copy-source": "/bucket/key"])
        #expect(copied.status == 200 && copied.text.contains("<CopyObjectResult"))
        let got = try await bench.call(.get, "/other/copy")
        #expect(got.text == "content" && got["content-type"] == "text/plain" && got["x-amz-meta-a"] == "1")
        #expect(got["etag"] == (try await bench.call(.head, "/bucket/key"))["etag"])
        #expect(got["x-amz-tagging-count"] == "1")
    }

    @Test func `a copy may be said to be something else`() async throws {
        let bench = try await bench()
        let headers = [
            "x-amz-copy-source": "bucket/key", "x-amz-metadata-directive": "REPLACE", "x-amz-meta-b": "2",
            "content-type": "text/html", "x-amz-tagging-directive": "REPLACE", "x-amz-tagging": "x=1&y=2",
        ]
        #expect(try await bench.call(.put, "/bucket/key", headers).status == 200, "onto itself")
        let got = try await bench.call(.get, "/bucket/key")
        #expect(got.text == "content" && got["content-type"] == "text/html" && got["x-amz-meta-b"] == "2")
        #expect(got["x-amz-meta-a"] == nil && got["x-amz-tagging-count"] == "2")
    }

    @Test func `a copy that changes nothing, or of nothing, is refused`() async throws {
        let bench = try await bench()
        let refusals: [(String, S3ErrorCode)] = [
            ("bucket/key", .invalidRequest), ("bucket/none", .noSuchKey), ("nowhere/key", .noSuchBucket),
            ("bucket", .invalidArgument), ("bucket/key?versionId=x", .invalidArgument),
        ]
        for (source, code) in refusals {
            #expect(try await bench.call(.put, "/bucket/key", ["x-amz-copy-source": source]).code == code, "\(source)")
        }
        let directive = ["x-amz-copy-source": "bucket/key", "x-amz-metadata-directive": "KEEP"]
        #expect(try await bench.call(.put, "/bucket/copy", directive).code == .invalidArgument)
    }

    @Test func `a copy's conditions are about its source`() async throws {
        let bench = try await bench()
        let tag = try #require(try await bench.call(.head, "/bucket/key")["etag"])
        for (name, value, isMade) in [
            ("if-match", tag, true), ("if-match", "x", false), ("if-none-match", tag, false), ("if-none-match", "x", true),
        ] {
            let headers = ["x-amz-copy-source": "bucket/key", "x-amz-copy-source-\(name)": value]
            let answer = try await bench.call(.put, "/bucket/copy", headers)
            #expect(answer.code == (isMade ? nil : .preconditionFailed), "\(name) \(value)")
        }
    }

    @Test func `a customer's key encrypts, and a copy may change it`() async throws {
        let bench = try await bench()
        let first = [
            "x-amz-server-side-encryption-customer-algorithm": "AES256",
            "x-amz-server-side-encryption-customer-key": "pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=",
            "x-amz-server-side-encryption-customer-key-md5": "DWygnHRtgiJ77HCm+1rvHw==",
        ]
        let second = [
            "x-amz-server-side-encryption-customer-algorithm": "AES256",
            "x-amz-server-side-encryption-customer-key": "6b+WOZ1T3cqZMxgThRcXAQBrS5mXKdDUphvpxptl9/4=",
            "x-amz-server-side-encryption-customer-key-md5": "arxBvwY2V4SiOne6yppVPQ==",
        ]
        let put = try await bench.call(.put, "/bucket/secret", first, body: "abcdefghij")
        #expect(put["x-amz-server-side-encryption-customer-key-md5"] == "DWygnHRtgiJ77HCm+1rvHw==")
        for keys in [[:], second] { #expect(try await bench.call(.get, "/bucket/secret", keys).status == 400) }
        #expect(try await bench.call(.head, "/bucket/secret").status == 400)
        #expect(try await bench.call(.get, "/bucket/secret", first).text == "abcdefghij")
        let part = try await bench.call(
            .get, "/bucket/secret", first.merging(["range": "bytes=3-5"]) { old, _ in old })
        #expect(part.text == "def")
        #expect(try await bench.call(.get, "/bucket/key", first).status == 400, "it has no such key")
        var headers = second
        headers["x-amz-copy-source"] = "bucket/secret"
        #expect(try await bench.call(.put, "/bucket/copy", headers).status == 400)
        for (name, value) in first { headers["x-amz-copy-source-" + name.dropFirst("x-amz-".count)] = value }
        #expect(try await bench.call(.put, "/bucket/copy", headers).status == 200)
        let copy = try await bench.call(.get, "/bucket/copy", second)
        #expect(copy.text == "abcdefghij" && copy["etag"] == put["etag"])
    }
}
