import HTTPTypes
import S3Gateway
import S3Protocol
import Testing

/// What browsers are told of pages that want to speak to a bucket.
@Suite struct CrossOriginTests {
    private func bench() async throws -> GatewayBench {
        let bench = try await GatewayBench()
        #expect(try await bench.call(.put, "/bucket").status == 200)
        let document = """
            <CORSConfiguration><CORSRule><AllowedOrigin>https://*.example.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod>\
            <AllowedHeader>x-amz-*</AllowedHeader><ExposeHeader>etag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule>\
            <CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod></CORSRule></CORSConfiguration>
            """
        #expect(try await bench.call(.put, "/bucket?cors", body: document).status == 200)
        return bench
    }

    private func preflight(
        _ bench: GatewayBench, _ headers: [String: String], bucket: String? = "bucket"
    ) async throws -> S3Response {
        try await CORSAnswer.preflight(
            request(.options, headers), bucket: bucket, bench.gateway.context.doorkeeper.directory)
    }

    private func request(_ method: HTTPRequest.Method, _ headers: [String: String]) -> HTTPRequest {
        var request = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: "/bucket/key")
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { request.headerFields[name] = value }
        }
        return request
    }

    @Test func `a page that a rule names may do what the rule says`() async throws {
        let bench = try await bench()
        let answer = try await preflight(
            bench,
            [
                "origin": "https://www.example.com", "access-control-request-method": "GET",
                "access-control-request-headers": "X-Amz-Date, x-amz-acl",
            ])
        #expect(answer.status == .ok)
        #expect(answer.headers[.accessControlAllowOrigin] == "https://www.example.com")
        #expect(answer.headers[.accessControlAllowMethods] == "GET")
        #expect(answer.headers[.accessControlAllowHeaders] == "X-Amz-Date, x-amz-acl")
        #expect(answer.headers[.accessControlMaxAge] == "60")
        let anybody = try await preflight(bench, ["origin": "https://a.test", "access-control-request-method": "HEAD"])
        #expect(anybody.headers[.accessControlAllowOrigin] == "*")
        #expect(anybody.headers[.accessControlAllowCredentials] == nil)
    }

    @Test(arguments: [
        (["access-control-request-method": "GET"], S3ErrorCode.badRequest),
        (["origin": "https://www.example.com"], .badRequest),
        (["origin": "https://example.org", "access-control-request-method": "GET"], .corsForbidden),
        (["origin": "https://www.example.com", "access-control-request-method": "PUT"], .corsForbidden),
        (
            [
                "origin": "https://www.example.com", "access-control-request-method": "GET",
                "access-control-request-headers": "authorization",
            ], .corsForbidden
        ),
    ])
    func `any other page may not`(_ headers: [String: String], _ code: S3ErrorCode) async throws {
        let bench = try await bench()
        let error = await #expect(throws: S3Error.self) { try await preflight(bench, headers) }
        #expect(error?.code == code)
    }

    @Test func `answers say which page may read them, and nothing to others`() async throws {
        let bench = try await bench()
        let directory = bench.gateway.context.doorkeeper.directory
        let named = try await CORSAnswer.headers(
            for: request(.get, ["origin": "https://a.example.com"]), bucket: "bucket", directory)
        #expect(named[.accessControlAllowOrigin] == "https://a.example.com")
        #expect(named[.accessControlExposeHeaders] == "etag")
        for headers in [["origin": "https://example.org"], [:]] {
            let fields = try await CORSAnswer.headers(for: request(.get, headers), bucket: "bucket", directory)
            #expect(fields.isEmpty)
        }
    }
}
