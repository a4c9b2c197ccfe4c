import Crypto
import Foundation
import HTTPTypes
import NIOCore
import S3Protocol
import StorageModel
import Testing

@Suite struct PostFormTests {
    private let now = Timestamp(microseconds: 1_795_410_000_000_000)
    private let secret = "secret of the form"

    private static let conditions =
        #"[{"bucket": "b"}, ["starts-with", "$key", "foo"], {"acl": "private"}, "#
        + #"["starts-with", "$Content-Type", "text/plain"], ["content-length-range", 0, 1024]]"#

    private func policy(_ conditions: String = conditions, expiration: String = "2026-11-23T06:00:00Z") -> String {
        Data(#"{"expiration": "\#(expiration)", "conditions": \#(conditions)}"#.utf8).base64EncodedString()
    }

    private func form(
        _ policy: String, key: String = "foo.txt", more: [String: String] = [:], without: String? = nil
    ) throws -> PostForm {
        let signature = HMAC<Insecure.SHA1>.authenticationCode(
            for: Data(policy.utf8), using: SymmetricKey(data: Data(secret.utf8)))
        var fields = [
            "key": key, "AWSAccessKeyId": "AKID", "acl": "private", "signature": Data(signature).base64EncodedString(),
            "policy": policy, "Content-Type": "text/plain",
        ]
        for (name, value) in more { fields[name] = value }
        if let without { fields[without] = nil }
        var text = ""
        for (name, value) in fields {
            text += "--x\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        text += "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"foo.txt\"\r\n\r\nbar\r\n--x--\r\n"
        var reader = try FormReader(contentType: "multipart/form-data; boundary=x")
        _ = try reader.receive(ByteBuffer(string: text))
        return PostForm(reader.fields, file: try #require(reader.file))
    }

    private func refusal(_ form: PostForm) -> S3Error? {
        do throws(S3Error) {
            _ = try form.accessKeyID
            _ = try form.key
            _ = try form.verify(secret: secret, bucket: "b", at: now)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a form that keeps to its signed policy is let in`() throws {
        let form = try form(policy(), key: "${filename}")
        #expect(refusal(form) == nil)
        #expect(try form.accessKeyID == "AKID")
        #expect(try form.key == "foo.txt")
        #expect(try form.verify(secret: secret, bucket: "b", at: now) == 0...1024)
        let headers = try form.headers
        #expect(headers[.contentType] == "text/plain")
        #expect(headers[try #require(HTTPField.Name("x-amz-acl"))] == "private")
        #expect(headers.count == 2)
    }

    @Test func `names of fields and operators count in any case, the policy's members only as they are`() throws {
        let any = #"[{"bUcKeT": "b"}, ["StArTs-WiTh", "$KeY", "foo"], {"AcL": "private"}, ["EQ", "$CoNtEnT-TyPe", "text/plain"]]"#
        #expect(refusal(try form(policy(any))) == nil)
        for text in [#"{"EXPIRATION": "2026-11-23T06:00:00Z", "conditions": []}"#,
            #"{"expiration": "2026-11-23T06:00:00Z", "CONDITIONS": []}"#] {
            #expect(refusal(try form(Data(text.utf8).base64EncodedString()))?.status == .badRequest)
        }
    }

    @Test func `a policy that is none is a bad request`() throws {
        for conditions in [
            "[{ }]", #"["x"]"#, #"[["content-length-range", 0]]"#, #"[["content-length-range", -1, 0]]"#,
            #"[["content-length-range", 2, 1]]"#, #"[["contains", "$key", "x"]]"#, #"[["eq", "key", "x"]]"#, "{}",
        ] {
            let error = refusal(try form(policy(conditions)))
            #expect(error?.status == .badRequest && error?.code == .invalidPolicyDocument, "\(conditions)")
        }
        #expect(refusal(try form(policy(expiration: "2026-11-23 06:00:00.123456+00:00")))?.status == .badRequest)
        #expect(refusal(try form("bm8ganNvbg=="))?.status == .badRequest)
    }

    @Test func `a form that breaks its policy, and a policy that has expired, is denied`() throws {
        let cases = [
            try form(policy(expiration: "2026-11-23T04:59:59Z")), try form(policy(), key: "other"),
            try form(policy(), more: ["acl": "public-read"]), try form(policy(), more: ["x-amz-meta-foo": "bar"]),
            try form(policy(#"[["starts-with", "$key", "foo"], {"acl": "private"}, ["eq", "$content-type", "text/plain"]]"#)),
            try form(policy(Self.conditions.replacing(#"{"bucket": "b"}"#, with: #"{"bucket": "other"}"#))),
            try form(policy(Self.conditions.replacing("]]", with: #"], ["eq", "$x-amz-meta-foo", ""]]"#))),
            try form(policy(Self.conditions.replacing("]]", with: #"], ["starts-with", "$x-amz-meta-foo", "bar"]]"#))),
        ]
        for (index, form) in cases.enumerated() {
            let error = refusal(form)
            #expect(error?.code == .accessDenied, "\(index)")
        }
    }

    @Test func `fields that no condition has to name are let through`() throws {
        #expect(refusal(try form(policy(), more: ["x-ignore-foo": "bar", "x-amz-checksum-sha256": "x"])) == nil)
        let any = Self.conditions.replacing("]]", with: #"], ["starts-with", "$x-amz-server-side-encryption", ""]]"#)
        #expect(refusal(try form(policy(any))) == nil)
    }

    @Test func `a form with half a signature or a wrong one is refused`() throws {
        #expect(refusal(try form(policy(), without: "signature"))?.status == .badRequest)
        #expect(refusal(try form(policy(), without: "policy"))?.status == .badRequest)
        #expect(refusal(try form(policy(), without: "key"))?.status == .badRequest)
        #expect(refusal(try form(policy(), more: ["signature": "AAAA"]))?.code == .signatureDoesNotMatch)
        #expect(try form(policy(), without: "AWSAccessKeyId").isAnonymous == nil)
    }

    @Test func `a policy that version 4 signs is let in, by its own secret alone`() throws {
        let conditions = #"[{"bucket": "b"}, {"key": "k"}, ["starts-with", "$x-amz-meta-a", ""]]"#
        let text = policy(conditions)
        var key = SymmetricKey(data: Data("AWS4\(secret)".utf8))
        for part in ["20261123", "us-east-1", "s3", "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: key))
        }
        let signature = Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
        func signed(_ signature: String) throws -> PostForm {
            var reader = try FormReader(contentType: "multipart/form-data; boundary=x")
            let fields = [
                "key": "k", "policy": text, "x-amz-algorithm": "AWS4-HMAC-SHA256", "x-amz-signature": signature,
                "x-amz-credential": "AKID/20261123/us-east-1/s3/aws4_request", "x-amz-date": "20261123T050000Z",
            ]
            for (name, value) in fields {
                _ = try reader.receive(
                    ByteBuffer(string: "--x\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"))
            }
            _ = try reader.receive(
                ByteBuffer(string: "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nbar\r\n--x--"))
            return PostForm(reader.fields, file: try #require(reader.file))
        }
        #expect(try signed(signature).accessKeyID == "AKID")
        #expect(refusal(try signed(signature)) == nil)
        #expect(refusal(try signed(String(signature.reversed())))?.code == .signatureDoesNotMatch)
    }
}

extension PostForm {
    /// Nil when the form has a signature that names no key.
    fileprivate var isAnonymous: Bool? {
        do throws(S3Error) { return try accessKeyID == nil } catch { return nil }
    }
}
