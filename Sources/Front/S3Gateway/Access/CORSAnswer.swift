import GatewayRecords
package import HTTPTypes
import S3Protocol

/// What answers tell browsers about which pages may read them.
///
/// - Source: WHATWG, "Fetch", CORS protocol; Amazon S3 user guide, "How Amazon S3 evaluates the CORS configuration".
package enum CORSAnswer {
    /// The headers for an answer to a request that has an origin; none when its bucket knows no page of it.
    ///
    /// - Parameter bucket: the request's; nil for none.
    package static func headers(
        for request: HTTPRequest, bucket: String?, _ directory: BucketDirectory
    ) async throws -> HTTPFields {
        guard let origin = request.headerFields[.origin], let bucket,
            let cors = try await configuration(of: bucket, directory)
        else { return [:] }
        let method = request.headerFields[.accessControlRequestMethod] ?? request.method.rawValue
        guard let rule = cors.rule(origin: origin, method: method, headers: []) else { return [:] }
        return fields(rule, origin: origin)
    }

    /// Answers a browser that asks what a page may do.
    ///
    /// - Parameter bucket: the request's; nil for none.
    /// - Throws: `BadRequest` for a question that is none, `CORSForbidden`.
    package static func preflight(
        _ request: HTTPRequest, bucket: String?, _ directory: BucketDirectory
    ) async throws -> S3Response {
        guard let origin = request.headerFields[.origin] else {
            throw S3Error(.badRequest, "Insufficient information. Origin request header needed.")
        }
        guard let method = request.headerFields[.accessControlRequestMethod] else {
            throw S3Error(.badRequest, "Invalid Access-Control-Request-Method: null")
        }
        let headers = (request.headerFields[.accessControlRequestHeaders] ?? "").split(separator: ",")
            .map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
        guard let bucket, let cors = try await configuration(of: bucket, directory) else {
            throw S3Error(.corsForbidden, "CORSResponse: CORS is not enabled for this bucket.")
        }
        guard let rule = cors.rule(origin: origin, method: method, headers: headers) else {
            throw S3Error(.corsForbidden)
        }
        var response = S3Response(headers: fields(rule, origin: origin))
        if !headers.isEmpty { response.set("access-control-allow-headers", headers.joined(separator: ", ")) }
        return response
    }

    /// The configuration of a bucket that was made or opened through a gateway; browsers do not say who they are.
    private static func configuration(
        of bucket: String, _ directory: BucketDirectory
    ) async throws -> CORSConfiguration? {
        guard let owner = try await directory.owner(of: bucket)?.owner else { return nil }
        return try await directory.properties(of: .init(owner: owner, bucket: bucket)).cors
    }

    private static func fields(_ rule: CORSConfiguration.Rule, origin: String) -> HTTPFields {
        var response = S3Response()
        let allowed = rule.allowedOrigin(for: origin)
        response.set("access-control-allow-origin", allowed)
        response.set("access-control-allow-methods", rule.methods.joined(separator: ", "))
        if allowed != "*" { response.set("access-control-allow-credentials", "true") }
        if !rule.exposedHeaders.isEmpty {
            response.set("access-control-expose-headers", rule.exposedHeaders.joined(separator: ", "))
        }
        if let age = rule.maximumAgeSeconds { response.set("access-control-max-age", String(age)) }
        response.set("vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
        return response.headers
    }
}
