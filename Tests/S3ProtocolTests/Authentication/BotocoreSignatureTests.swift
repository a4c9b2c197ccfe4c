import HTTPTypes
import NIOCore
import S3Protocol
import StorageModel
import TestSupport
import Testing

@Suite struct BotocoreSignatureTests {
    private let vectors: SignatureVectors

    init() throws { vectors = try SignatureVectors.load() }

    private func rule(
        _ request: SignedRequest, secret: String? = nil, after seconds: Int64 = 0
    ) throws -> PayloadRule {
        try S3Authentication.parse(request).verify(
            request, secret: secret ?? vectors.secret, at: vectors.moment.advanced(by: .seconds(seconds)))
    }

    @Test func `every request that botocore signs is let in, and its body is what it says`() throws {
        #expect(vectors.requests.count >= 19)
        for vector in vectors.requests {
            let request = vector.signed
            #expect(try S3Authentication.parse(request).accessKeyID == vectors.accessKeyID, "\(vector.name)")
            let rule = try #require(try? rule(request), "\(vector.name)")
            var check = try BodyCheck(
                rule, headers: request.headers, contentLength: Int64(vector.body.bytes.count), computing: [.md5])
            let object = try check.receive(ByteBuffer(bytes: vector.body.bytes))
            let facts = try check.finish()
            #expect(Int(facts.length) == object.readableBytes, "\(vector.name)")
        }
    }

    @Test func `bodies in chunks come out whole at any division of the bytes, with their trailing checksum`() throws {
        for vector in vectors.requests where vector.name.hasPrefix("s3v4 trailer") {
            let request = vector.signed
            let rule = try rule(request)
            #expect(rule.isChunked)
            for size in [1, 2, 3, 7, 64, 1000, 100_000] {
                var check = try BodyCheck(rule, headers: request.headers, contentLength: nil)
                var object = ByteBuffer()
                var rest = ByteBuffer(bytes: vector.body.bytes)
                while let piece = rest.readSlice(length: min(size, rest.readableBytes)), piece.readableBytes > 0 {
                    object.writeImmutableBuffer(try check.receive(piece))
                }
                let facts = try check.finish()
                #expect(facts.length == check.objectLength)
                let algorithm = vector.name.hasSuffix("sha256") ? ChecksumAlgorithm.sha256 : .crc32
                #expect(facts.declared == algorithm)
                #expect(facts.checksum(algorithm)?.text == facts.trailers[algorithm.headerName])
                let expected = vector.name.hasSuffix("sha256")
                    ? [UInt8](repeating: UInt8(ascii: "x"), count: 3000) : Array(String(repeating: "hello", count: 2000).utf8)
                #expect(Array(object.readableBytesView) == expected)
            }
        }
    }

    @Test func `no request is let in with another secret`() throws {
        for vector in vectors.requests {
            #expect(throws: S3Error.self, "\(vector.name)") { try rule(vector.signed, secret: "another") }
        }
    }

    @Test func `no request is let in for another path, verb or query than its own`() throws {
        for vector in vectors.requests {
            var other = vector.signed
            other.rawPath += "x"
            #expect(throws: S3Error.self, "\(vector.name)") { try rule(other) }
            other = vector.signed
            other.method = "DELETE"
            #expect(throws: S3Error.self, "\(vector.name)") { try rule(other) }
            other = vector.signed
            other.rawQuery += (other.rawQuery.isEmpty ? "" : "&") + "acl"
            #expect(throws: S3Error.self, "\(vector.name)") { try rule(other) }
        }
    }

    @Test func `a header of S3's that the signature leaves out is refused`() throws {
        let name = try #require(HTTPField.Name("x-amz-acl"))
        for vector in vectors.requests where !vector.name.contains("put_object") {
            var other = vector.signed
            other.headers[name] = "public-read-write"
            #expect(throws: S3Error.self, "\(vector.name)") { try rule(other) }
        }
    }

    @Test func `a request signed too long ago is skewed, a presigned URL after its end has expired`() throws {
        for vector in vectors.requests {
            let code: S3ErrorCode = vector.name.contains("presigned") ? .accessDenied : .requestTimeTooSkewed
            let error = #expect(throws: S3Error.self, "\(vector.name)") { try rule(vector.signed, after: 901) }
            #expect(error?.code == code, "\(vector.name)")
            let isPresigned = vector.name.contains("presigned")
            #expect(throws: Never.self, "\(vector.name)") { try rule(vector.signed, after: isPresigned ? 599 : 899) }
        }
    }

    @Test func `a signed body that was changed on the way is found`() throws {
        let vector = try #require(vectors.requests.first { $0.name == "s3v4 put" })
        let request = vector.signed
        var check = try BodyCheck(try rule(request), headers: request.headers, contentLength: 3)
        _ = try check.receive(ByteBuffer(string: "baz"))
        let error = #expect(throws: S3Error.self) { try check.finish() }
        #expect(error?.code == .xAmzContentSHA256Mismatch)
    }
}
