import Foundation
import HTTPTypes
import S3Gateway
import S3Protocol
import Testing

/// Uploads in parts; of one part each, for the satellite of these tests keeps everything itself.
@Suite struct MultipartOperationTests {
    private func bench() async throws -> GatewayBench {
        let bench = try await GatewayBench()
        #expect(try await bench.call(.put, "/bucket").status == 200)
        return bench
    }

    private func begin(_ bench: GatewayBench, _ headers: [String: String] = [:]) async throws -> String {
        let begun = try await bench.call(.post, "/bucket/key?uploads", headers)
        #expect(begun.status == 200)
        let tail = try #require(begun.text.components(separatedBy: "<UploadId>").last)
        return try #require(tail.components(separatedBy: "</UploadId>").first)
    }

    private func completion(_ parts: [(number: Int, tag: String)]) -> String {
        let text = parts.map { "<Part><PartNumber>\($0.number)</PartNumber><ETag>\($0.tag)</ETag></Part>" }
        return "<CompleteMultipartUpload>\(text.joined())</CompleteMultipartUpload>"
    }

    @Test func `a part's checksum comes with the part, and the object's with the object`() async throws {
        let bench = try await bench()
        let id = try await begin(
            bench, ["x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "COMPOSITE"])
        let part = try await bench.call(
            .put, "/bucket/key?partNumber=1&uploadId=\(id)", ["x-amz-checksum-crc32": "dv+Mqg=="], body: "bar")
        let tag = try #require(part["etag"])
        #expect(part["x-amz-checksum-crc32"] == "dv+Mqg==")
        let completed = try await bench.call(.post, "/bucket/key?uploadId=\(id)", body: completion([(1, tag)]))
        #expect(completed.text.contains("<ChecksumType>COMPOSITE</ChecksumType>"))
        let mode = ["x-amz-checksum-mode": "ENABLED"]
        for method in [HTTPRequest.Method.get, .head] {
            let whole = try await bench.call(method, "/bucket/key", mode)
            #expect(whole["x-amz-checksum-crc32"]?.hasSuffix("-1") == true)
            #expect(whole["x-amz-checksum-type"] == "COMPOSITE")
            let first = try await bench.call(method, "/bucket/key?partNumber=1", mode)
            #expect(first.status == 206 && first["x-amz-checksum-crc32"] == "dv+Mqg==")
            #expect(first["x-amz-checksum-type"] == "COMPOSITE" && first["x-amz-mp-parts-count"] == "1")
            let unasked = try await bench.call(method, "/bucket/key?partNumber=1")
            #expect(unasked["x-amz-checksum-crc32"] == nil && unasked["x-amz-checksum-type"] == nil)
        }
    }

    @Test func `a part that is sent again replaces the first, also where both are named`() async throws {
        let bench = try await bench()
        let id = try await begin(bench)
        var tags: [(number: Int, tag: String)] = []
        for body in ["old", "new"] {
            let part = try await bench.call(.put, "/bucket/key?partNumber=1&uploadId=\(id)", body: body)
            tags.append((1, try #require(part["etag"])))
        }
        let old = try await bench.call(.post, "/bucket/key?uploadId=\(id)", body: completion([tags[0]]))
        #expect(old.code == .invalidPart)
        #expect(try await bench.call(.post, "/bucket/key?uploadId=\(id)", body: completion(tags)).status == 200)
        #expect(try await bench.call(.get, "/bucket/key").text == "new")
        let again = try await bench.call(.post, "/bucket/key?uploadId=\(id)", body: completion(tags))
        #expect(again.status == 200, "a client that missed the answer asks again")
    }

    @Test func `parts that were never sent, uploads that are none and broken parts are refused`() async throws {
        let bench = try await bench()
        let id = try await begin(bench)
        #expect(try await bench.call(.post, "/bucket/key?uploadId=\(id)", body: completion([(1, "abc")])).code == .invalidPart)
        let broken = try await bench.call(
            .put, "/bucket/key?partNumber=1&uploadId=\(id)", ["content-md5": "AAAAAAAAAAAAAAAAAAAAAA=="], body: "bar")
        #expect(broken.code == .badDigest)
        #expect(try await !bench.call(.get, "/bucket/key?uploadId=\(id)").text.contains("<Part>"))
        #expect(try await bench.call(.delete, "/bucket/key?uploadId=\(id)").status == 204)
        let late = try await bench.call(.put, "/bucket/key?partNumber=1&uploadId=\(id)", body: "bar")
        #expect(late.code == .noSuchUpload)
        #expect(try await bench.call(.get, "/bucket/key").code == .noSuchKey)
    }
}
