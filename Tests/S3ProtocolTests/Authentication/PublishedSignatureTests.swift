import HTTPTypes
import NIOCore
import S3Protocol
import StorageModel
import Testing

/// The examples in Amazon S3's API reference, "Authenticating requests (AWS Signature Version 4)".
@Suite struct PublishedSignatureTests {
    private static let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    private let now = Timestamp(microseconds: 1_369_353_600_000_000)

    private func request(
        _ method: String, _ path: String, query: String = "", host: String = "examplebucket.s3.amazonaws.com",
        hash: String? = emptyHash, headers: KeyValuePairs<String, String> = [:], signature: String? = nil
    ) throws -> SignedRequest {
        var fields = HTTPFields()
        for (name, value) in headers { fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value)) }
        if let hash { fields[try #require(HTTPField.Name("x-amz-content-sha256"))] = hash }
        if let signature {
            fields[try #require(HTTPField.Name("x-amz-date"))] = "20130524T000000Z"
            let names = (fields.map(\.name.canonicalName) + ["host"]).sorted().joined(separator: ";")
            fields[.authorization] =
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=\(names),Signature=\(signature)"
        }
        return SignedRequest(method: method, rawPath: path, rawQuery: query, headers: fields, host: host)
    }

    private func rule(_ request: SignedRequest) throws -> PayloadRule {
        try S3Authentication.parse(request).verify(request, secret: Self.secret, at: now)
    }

    @Test func `the four examples of the header are let in`() throws {
        _ = try rule(
            request(
                "GET", "/test.txt", headers: ["Range": "bytes=0-9"],
                signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"))
        _ = try rule(
            request(
                "PUT", "/test$file.text", hash: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
                headers: ["Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"],
                signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
        _ = try rule(
            request(
                "GET", "/", query: "lifecycle",
                signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
        _ = try rule(
            request(
                "GET", "/", query: "max-keys=2&prefix=J",
                signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }

    @Test func `the example of the query is let in for its day and no longer`() throws {
        let presigned = try request(
            "GET", "/test.txt",
            query: "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
            hash: nil)
        let authentication = try S3Authentication.parse(presigned)
        for seconds in [0, 86_399] {
            _ = try authentication.verify(presigned, secret: Self.secret, at: now.advanced(by: .seconds(seconds)))
        }
        #expect(throws: S3Error(.accessDenied, "Request has expired")) {
            try authentication.verify(presigned, secret: Self.secret, at: now.advanced(by: .seconds(86_400)))
        }
    }

    private func chunked(trailer: Bool) throws -> (SignedRequest, [UInt8]) {
        let signatures = trailer
            ? [
                "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
                "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
                "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
            ]
            : [
                "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
                "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
                "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
            ]
        var body = ""
        for (size, signature) in zip([65_536, 1024, 0], signatures) {
            body += "\(String(size, radix: 16));chunk-signature=\(signature)\r\n"
            if size > 0 { body += String(repeating: "a", count: size) + "\r\n" }
        }
        if trailer {
            body += "x-amz-checksum-crc32c:sOO8/Q==\r\n"
            body += "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n"
        }
        body += "\r\n"
        let headers: KeyValuePairs<String, String> = trailer
            ? [
                "x-amz-storage-class": "REDUCED_REDUNDANCY", "Content-Encoding": "aws-chunked",
                "x-amz-decoded-content-length": "66560", "x-amz-trailer": "x-amz-checksum-crc32c",
            ]
            : [
                "x-amz-storage-class": "REDUCED_REDUNDANCY", "Content-Encoding": "aws-chunked",
                "x-amz-decoded-content-length": "66560", "Content-Length": "66824",
            ]
        let seed = trailer
            ? "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
            : "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
        let request = try request(
            "PUT", "/examplebucket/chunkObject.txt", host: "s3.amazonaws.com",
            hash: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + (trailer ? "-TRAILER" : ""), headers: headers, signature: seed)
        return (request, Array(body.utf8))
    }

    @Test(arguments: [false, true])
    func `the example of signed chunks is let in at any division of the bytes`(trailer: Bool) throws {
        let (request, body) = try chunked(trailer: trailer)
        let rule = try rule(request)
        for size in [13, 1000, 70_000] {
            var check = try BodyCheck(rule, headers: request.headers, contentLength: 66_824)
            var length = 0
            var rest = ByteBuffer(bytes: body)
            while let piece = rest.readSlice(length: min(size, rest.readableBytes)), piece.readableBytes > 0 {
                length += try check.receive(piece).readableBytes
            }
            let facts = try check.finish()
            #expect(length == 66_560 && facts.length == 66_560)
            #expect(facts.trailers.isEmpty != trailer)
        }
    }

    @Test(arguments: [false, true])
    func `no signed chunk can be changed, left out or cut without being found`(trailer: Bool) throws {
        let (request, body) = try chunked(trailer: trailer)
        let rule = try rule(request)
        func outcome(_ bytes: [UInt8]) throws -> S3ErrorCode? {
            var check = try BodyCheck(rule, headers: request.headers, contentLength: nil)
            do throws(S3Error) {
                _ = try check.receive(ByteBuffer(bytes: bytes))
                _ = try check.finish()
                return nil
            } catch {
                return error.code
            }
        }
        #expect(try outcome(body) == nil)
        for position in [200, 65_000, 66_000] {
            var changed = body
            changed[position] = UInt8(ascii: "b")
            #expect(try outcome(changed) == .signatureDoesNotMatch)
        }
        var signature = body
        signature[25] = signature[25] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        #expect(try outcome(signature) == .signatureDoesNotMatch)
        for length in [0, 10, 100, 65_000, 65_630, 66_700] {
            #expect(try outcome(Array(body.prefix(length))) == .incompleteBody)
        }
        let firstChunk = "10000;chunk-signature=".count + 64 + 2 + 65_536 + 2
        #expect(try outcome(Array(body.dropFirst(firstChunk))) == .signatureDoesNotMatch)
        if trailer {
            let text = String(decoding: body, as: UTF8.self).replacing("sOO8/Q==", with: "sOO9/Q==")
            #expect(try outcome(Array(text.utf8)) == .signatureDoesNotMatch)
        }
    }
}
