import HTTPTypes
import S3Protocol
import Testing

@Suite struct ObjectOperationTests {
    private func bench(versioned: Bool = false, lock: Bool = false) async throws -> GatewayBench {
        let bench = try await GatewayBench()
        let made = try await bench.call(.put, "/bucket", lock ? ["x-amz-bucket-object-lock-enabled": "true"] : [:])
        #expect(made.status == 200)
        if versioned {
            let document = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
            #expect(try await bench.call(.put, "/bucket?versioning", body: document).status == 200)
        }
        return bench
    }

    @Test func `what was put comes back with all that was said of it`() async throws {
        let bench = try await bench()
        let put = try await bench.call(
            .put, "/bucket/a/b%20c",
            ["content-type": "text/plain", "x-amz-meta-color": "red", "x-amz-tagging": "k=v", "cache-control": "no-cache"],
            body: "bar")
        #expect(put.status == 200 && put["etag"] == "\"37b51d194a7513e45b56f6524f2d51f2\"")
        let got = try await bench.call(.get, "/bucket/a/b%20c")
        #expect(got.text == "bar" && got["content-type"] == "text/plain" && got["x-amz-meta-color"] == "red")
        #expect(got["cache-control"] == "no-cache" && got["x-amz-tagging-count"] == "1")
        #expect(got["etag"] == put["etag"] && got["accept-ranges"] == "bytes" && got["x-amz-version-id"] == nil)
        let head = try await bench.call(.head, "/bucket/a/b%20c")
        #expect(head["content-length"] == "3" && head["etag"] == put["etag"] && head.body.isEmpty)
        let overridden = try await bench.call(.get, "/bucket/a/b%20c?response-content-type=foo%2Fbar")
        #expect(overridden["content-type"] == "foo/bar")
    }

    @Test func `what is not there is worded as S3 does`() async throws {
        let bench = try await bench(versioned: true)
        let missing = try await bench.call(.get, "/bucket/key")
        #expect(missing.code == .noSuchKey && missing["x-amz-delete-marker"] == "false")
        #expect(try await bench.call(.get, "/nowhere/key").code == .noSuchBucket)
        #expect(try await bench.call(.put, "/nowhere/key", body: "x").code == .noSuchBucket)
        #expect(try await bench.call(.get, "/bucket/key?versionId=x").code == .invalidArgument)
        let unknown = String(repeating: "1", count: 32)
        #expect(try await bench.call(.get, "/bucket/key?versionId=\(unknown)").code == .noSuchVersion)
        _ = try await bench.call(.put, "/bucket/key", body: "1")
        let marker = try await bench.call(.delete, "/bucket/key")
        #expect(marker.status == 204 && marker["x-amz-delete-marker"] == "true")
        let hidden = try await bench.call(.head, "/bucket/key")
        #expect(hidden.code == .noSuchKey && hidden["x-amz-delete-marker"] == "true")
        let version = try #require(marker["x-amz-version-id"])
        #expect(try await bench.call(.get, "/bucket/key?versionId=\(version)").code == .methodNotAllowed)
    }

    @Test func `ranges are answered in part and impossible ones refused`() async throws {
        let bench = try await bench()
        _ = try await bench.call(.put, "/bucket/key", body: "testcontent")
        for (range, text, told) in [
            ("bytes=4-7", "cont", "bytes 4-7/11"), ("bytes=4-", "content", "bytes 4-10/11"),
            ("bytes=-7", "content", "bytes 4-10/11"), ("bytes=4-99", "content", "bytes 4-10/11"),
        ] {
            let got = try await bench.call(.get, "/bucket/key", ["range": range])
            #expect(got.status == 206 && got.text == text && got["content-range"] == told, "\(range)")
        }
        #expect(try await bench.call(.get, "/bucket/key", ["range": "bytes=40-50"]).code == .invalidRange)
        #expect(try await bench.call(.get, "/bucket/key", ["range": "lines=1-2"]).status == 200)
        #expect(try await bench.call(.get, "/bucket/key?partNumber=1").text == "testcontent")
        #expect(try await bench.call(.get, "/bucket/key?partNumber=2").code == .invalidPart)
        _ = try await bench.call(.put, "/bucket/empty")
        #expect(try await bench.call(.get, "/bucket/empty", ["range": "bytes=40-50"]).code == .invalidRange)
    }

    @Test func `a reader's conditions are heeded`() async throws {
        let bench = try await bench()
        let tag = try #require(try await bench.call(.put, "/bucket/key", body: "bar")["etag"])
        #expect(try await bench.call(.get, "/bucket/key", ["if-match": tag]).status == 200)
        #expect(try await bench.call(.get, "/bucket/key", ["if-match": "\"x\""]).code == .preconditionFailed)
        let unchanged = try await bench.call(.get, "/bucket/key", ["if-none-match": tag])
        #expect(unchanged.status == 304 && unchanged["etag"] == tag && unchanged.body.isEmpty)
        let old = "Sat, 29 Oct 1994 19:43:31 GMT"
        #expect(try await bench.call(.get, "/bucket/key", ["if-modified-since": old]).status == 200)
        #expect(try await bench.call(.get, "/bucket/key", ["if-unmodified-since": old]).code == .preconditionFailed)
    }

    @Test func `a writer's conditions are heeded`() async throws {
        let bench = try await bench()
        #expect(try await bench.call(.put, "/bucket/key", ["if-match": "*"], body: "1").code == .noSuchKey)
        let first = try await bench.call(.put, "/bucket/key", ["if-none-match": "*"], body: "1")
        let tag = try #require(first["etag"])
        #expect(try await bench.call(.put, "/bucket/key", ["if-none-match": "*"], body: "2").code == .preconditionFailed)
        #expect(try await bench.call(.put, "/bucket/key", ["if-none-match": tag], body: "2").code == .preconditionFailed)
        #expect(try await bench.call(.put, "/bucket/key", ["if-match": "x"], body: "2").code == .preconditionFailed)
        #expect(try await bench.call(.get, "/bucket/key").text == "1")
        #expect(try await bench.call(.put, "/bucket/key", ["if-match": tag], body: "2").status == 200)
        #expect(try await bench.call(.delete, "/bucket/key", ["if-match": tag]).code == .preconditionFailed)
        #expect(try await bench.call(.delete, "/bucket/key", ["x-amz-if-match-size": "9"]).code == .preconditionFailed)
        #expect(try await bench.call(.delete, "/bucket/key", ["if-match": "*"]).status == 204)
        #expect(try await bench.call(.delete, "/bucket/key", ["if-match": "x"]).status == 204, "nothing is there")
        let document = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        #expect(try await bench.call(.put, "/bucket?versioning", body: document).status == 200)
        #expect(try await bench.call(.delete, "/bucket/key", ["if-match": "*"])["x-amz-delete-marker"] == nil)
        #expect(try await bench.call(.delete, "/bucket/key", ["if-match": "x"]).status == 204, "nor a marker")
        #expect(try await bench.call(.delete, "/bucket/key")["x-amz-delete-marker"] == "true")
        #expect(try await bench.call(.delete, "/bucket/key", ["if-match": "x"]).code == .preconditionFailed)
    }

    @Test func `of writers with the same condition one wins`() async throws {
        let bench = try await bench()
        let tag = try #require(try await bench.call(.put, "/bucket/key", body: "0")["etag"])
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...8 {
                group.addTask { try await bench.call(.put, "/bucket/key", ["if-match": tag], body: "\(number)").status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 412 } == 7)
    }

    @Test func `a body that is not what was declared stores nothing`() async throws {
        let bench = try await bench()
        let wrong: [(String, String, S3ErrorCode)] = [
            ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==", .badDigest), ("content-md5", "x", .invalidDigest),
            ("x-amz-checksum-crc32", "AAAAAA==", .badDigest), ("x-amz-checksum-crc32", "bad", .badDigest),
            ("x-amz-content-sha256", String(repeating: "0", count: 64), .xAmzContentSHA256Mismatch),
        ]
        for (name, value, code) in wrong {
            #expect(try await bench.call(.put, "/bucket/key", [name: value], body: "bar").code == code, "\(name)")
            #expect(try await bench.call(.get, "/bucket/key").code == .noSuchKey)
        }
    }

    @Test func `a checksum is verified, kept and told to who asks`() async throws {
        let bench = try await bench()
        let right = "dv+Mqg=="
        let put = try await bench.call(.put, "/bucket/key", ["x-amz-checksum-crc32": right], body: "bar")
        #expect(put["x-amz-checksum-crc32"] == right && put["x-amz-checksum-type"] == "FULL_OBJECT")
        #expect(try await bench.call(.head, "/bucket/key")["x-amz-checksum-crc32"] == nil)
        let asked = try await bench.call(.head, "/bucket/key", ["x-amz-checksum-mode": "ENABLED"])
        #expect(asked["x-amz-checksum-crc32"] == right)
        let attributes = try await bench.call(
            .get, "/bucket/key?attributes", ["x-amz-object-attributes": "ETag,Checksum,ObjectParts,ObjectSize"])
        #expect(attributes.text.contains("<ChecksumCRC32>\(right)</ChecksumCRC32>"))
        #expect(attributes.text.contains("<ObjectSize>3</ObjectSize>") && !attributes.text.contains("ObjectParts"))
    }
}
