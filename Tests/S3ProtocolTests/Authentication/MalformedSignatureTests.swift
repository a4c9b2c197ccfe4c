import HTTPTypes
import S3Protocol
import StorageModel
import Testing

@Suite struct MalformedSignatureTests {
    private let now = Timestamp(microseconds: 1_795_410_000_000_000)

    private func code(_ authorization: String?, headers: HTTPFields = [:], query: String = "") -> S3ErrorCode? {
        var headers = headers
        if let authorization { headers[.authorization] = authorization }
        let request = SignedRequest(method: "GET", rawPath: "/b/k", rawQuery: query, headers: headers, host: "h")
        do throws(S3Error) {
            _ = try S3Authentication.parse(request).verify(request, secret: "s", at: now)
            return nil
        } catch {
            return error.code
        }
    }

    private let scope = "AKID/20261123/us-east-1/s3/aws4_request"
    private let signature = String(repeating: "0", count: 64)

    @Test func `headers that say nothing are refused as S3 refuses them`() throws {
        #expect(code("") == .accessDenied)
        #expect(code("\u{7}") == .accessDenied)
        #expect(code("AWS HAHAHA") == .invalidArgument)
        #expect(code("Basic eA==") == .invalidArgument)
        #expect(code("AWS4-HMAC-SHA256 nonsense") == .authorizationHeaderMalformed)
        #expect(code("AWS4-HMAC-SHA256 Credential=AKID, SignedHeaders=host, Signature=0") == .authorizationHeaderMalformed)
        #expect(code("AWS4-ECDSA-P256-SHA256 Credential=\(scope)") == .notImplemented)
    }

    @Test func `a signature needs a date of its scope's day, the payload's hash and the host`() throws {
        let hash = try #require(HTTPField.Name("x-amz-content-sha256"))
        let date = try #require(HTTPField.Name("x-amz-date"))
        let whole = "AWS4-HMAC-SHA256 Credential=\(scope), SignedHeaders=host, Signature=\(signature)"
        #expect(code(whole, headers: [hash: "UNSIGNED-PAYLOAD"]) == .accessDenied)
        #expect(code(whole, headers: [hash: "UNSIGNED-PAYLOAD", date: "nonsense"]) == .accessDenied)
        #expect(code(whole, headers: [date: "20261123T050000Z"]) == .invalidRequest)
        #expect(code(whole, headers: [hash: "UNSIGNED-PAYLOAD", date: "20261122T235959Z"]) == .authorizationHeaderMalformed)
        let hostless = "AWS4-HMAC-SHA256 Credential=\(scope), SignedHeaders=x-amz-date, Signature=\(signature)"
        #expect(code(hostless, headers: [hash: "UNSIGNED-PAYLOAD", date: "20261123T050000Z"]) == .authorizationHeaderMalformed)
        let unsignedDate = code(whole, headers: [hash: "UNSIGNED-PAYLOAD", date: "20261123T050000Z"])
        #expect(unsignedDate == .accessDenied)
    }

    @Test func `a presigned URL lives at least a moment and at most a week`() {
        func query(_ expires: String) -> String {
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=\(scope.replacing("/", with: "%2F"))"
                + "&X-Amz-Date=20261123T050000Z&X-Amz-Expires=\(expires)&X-Amz-SignedHeaders=host&X-Amz-Signature=\(signature)"
        }
        #expect(code(nil, query: query("60")) == .signatureDoesNotMatch)
        #expect(code(nil, query: query("604800")) == .signatureDoesNotMatch)
        #expect(code(nil, query: query("604801")) == .accessDenied)
        #expect(code(nil, query: query("0")) == .accessDenied)
        #expect(code(nil, query: query("-7")) == .accessDenied)
        #expect(code(nil, query: query("x")) == .authorizationQueryParametersError)
        #expect(code(nil, query: "X-Amz-Algorithm=AWS4-HMAC-SHA256") == .authorizationQueryParametersError)
        #expect(code(nil, query: "AWSAccessKeyId=AKID&Signature=x") == .accessDenied)
    }

    @Test func `old signatures with a date before 1970 or none are refused, others of a wrong time are skewed`() throws {
        let date = try #require(HTTPField.Name("x-amz-date"))
        for (text, expected) in [
            ("Bad Date", S3ErrorCode.accessDenied), ("", .accessDenied), ("Tue, 07 Jul 1950 21:53:04 GMT", .accessDenied),
            ("Tue, 07 Jul 2010 21:53:04 GMT", .requestTimeTooSkewed),
            ("Tue, 07 Jul 9999 21:53:04 GMT", .requestTimeTooSkewed),
        ] {
            #expect(code("AWS AKID:AAAA", headers: [date: text]) == expected)
        }
        #expect(code("AWS AKID:AAAA") == .accessDenied)
    }

    @Test func `no region but the gateway's own is let in when it has one`() throws {
        let date = try #require(HTTPField.Name("x-amz-date"))
        let hash = try #require(HTTPField.Name("x-amz-content-sha256"))
        let request = SignedRequest(
            method: "GET", rawPath: "/", rawQuery: "",
            headers: [
                .authorization:
                    "AWS4-HMAC-SHA256 Credential=\(scope), SignedHeaders=host;x-amz-date, Signature=\(signature)",
                date: "20261123T050000Z", hash: "UNSIGNED-PAYLOAD",
            ], host: "h")
        let error = #expect(throws: S3Error.self) {
            try S3Authentication.parse(request).verify(
                request, secret: "s", at: now, rules: AuthenticationRules(regions: ["eu1"]))
        }
        #expect(error?.code == .authorizationHeaderMalformed)
    }
}
