import HTTPTypes
import NIOCore
import S3Protocol
import StorageModel
import Testing

@Suite struct BodyCheckTests {
    private func code(
        _ body: String, headers: KeyValuePairs<String, String>, contentLength: Int64? = nil
    ) throws -> S3ErrorCode? {
        var fields = HTTPFields()
        for (name, value) in headers { fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value)) }
        do throws(S3Error) {
            var check = try BodyCheck(
                try PayloadRule.anonymous(fields), headers: fields, contentLength: contentLength ?? Int64(body.utf8.count))
            _ = try check.receive(ByteBuffer(string: body))
            _ = try check.finish()
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `a wrong Content-MD5 is found, and one that is none`() throws {
        #expect(try code("bar", headers: ["Content-MD5": "N7UdGUp1E+RbVvZSTy1R8g=="]) == nil)
        #expect(try code("bar", headers: ["Content-MD5": "rL0Y20xC+Fzt72VPzMSk2A=="]) == .badDigest)
        for text in ["YWJyYWNhZGFicmE=", "", "AWS HAHAHA"] {
            #expect(try code("bar", headers: ["Content-MD5": text]) == .invalidDigest)
        }
    }

    @Test func `a wrong checksum is found, and one that is none, and two`() throws {
        #expect(try code("bar", headers: ["x-amz-checksum-crc32": "dv+Mqg=="]) == nil)
        #expect(try code("baz", headers: ["x-amz-checksum-crc32": "dv+Mqg=="]) == .badDigest)
        #expect(try code("bar", headers: ["x-amz-checksum-sha256": "sailorjerry"]) == .badDigest)
        #expect(
            try code("bar", headers: ["x-amz-checksum-crc32": "dv+Mqg==", "x-amz-checksum-crc32c": "dv+Mqg=="])
                == .invalidRequest)
        #expect(
            try code("bar", headers: ["x-amz-checksum-crc32": "dv+Mqg==", "x-amz-sdk-checksum-algorithm": "SHA1"])
                == .invalidRequest)
        #expect(try code("bar", headers: ["x-amz-sdk-checksum-algorithm": "MD4"]) == .invalidRequest)
    }

    @Test func `a body that was cut is found`() throws {
        #expect(try code("ba", headers: [:], contentLength: 3) == .incompleteBody)
        #expect(try code("bars", headers: [:], contentLength: 3) == .incompleteBody)
    }

    private func trailing(_ body: String, _ trailer: String = "x-amz-checksum-crc32", length: String = "3") throws -> S3ErrorCode? {
        try code(
            body,
            headers: [
                "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-trailer": trailer,
                "x-amz-decoded-content-length": length,
            ])
    }

    @Test func `chunks with a trailing checksum are checked to the last line`() throws {
        #expect(try trailing("3\r\nbar\r\n0\r\nx-amz-checksum-crc32:dv+Mqg==\r\n\r\n") == nil)
        #expect(try trailing("3\r\nbar\r\n0\r\nx-amz-checksum-crc32: dv+Mqg==\r\n") == nil)
        #expect(try trailing("1\r\nb\r\n2\r\nar\r\n0\r\nx-amz-checksum-crc32:dv+Mqg==\n\r\n") == nil)
        #expect(try trailing("3\r\nbaz\r\n0\r\nx-amz-checksum-crc32:dv+Mqg==\r\n\r\n") == .badDigest)
        #expect(try trailing("3\r\nbar\r\n0\r\nx-amz-checksum-crc32:nonsense\r\n\r\n") == .invalidRequest)
        #expect(try trailing("3\r\nbar\r\n0\r\n\r\n") == .malformedTrailerError)
        #expect(try trailing("3\r\nbar\r\n0\r\nx-amz-checksum-sha1:dv+Mqg==\r\n\r\n") == .malformedTrailerError)
        #expect(try trailing("3\r\nbar\r\n0\r\nno trailer\r\n\r\n") == .malformedTrailerError)
        #expect(try trailing("3\r\nbar\r\n0\r\n\r\n", "x-amz-checksum-md4") == .invalidRequest)
    }

    @Test func `chunks that are none, cut, or not as many bytes as announced are refused`() throws {
        for body in [
            "", "3\r\nba", "3\r\nbar", "3\r\nbar\r\n", "3\r\nbarx\r\n", "-3\r\nbar\r\n", "+3\r\nbar\r\n", "x\r\n", "\r\n",
            "ffffffffffffffffff\r\n", "3\r\nbar\r\n0\r\nx-amz-checksum-crc32:dv+Mqg==\r\n\r\nmore",
            String(repeating: "0", count: 5000), "3;" + String(repeating: "x", count: 5000) + "\r\nbar\r\n",
        ] {
            #expect(try trailing(body) == .incompleteBody, "\(body.prefix(30))")
        }
        let whole = "3\r\nbar\r\n0\r\nx-amz-checksum-crc32:dv+Mqg==\r\n\r\n"
        for length in ["2", "4"] { #expect(try trailing(whole, length: length) == .incompleteBody) }
        for length in ["x", "-1"] { #expect(try trailing(whole, length: length) == .invalidArgument) }
    }

    @Test func `nobody without a key sends signed chunks, and no nonsense for a hash`() throws {
        #expect(try code("", headers: ["x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"]) == .accessDenied)
        #expect(try code("", headers: ["x-amz-content-sha256": "nonsense"]) == .invalidArgument)
        #expect(try code("", headers: ["x-amz-content-sha256": "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"]) == .notImplemented)
    }
}
