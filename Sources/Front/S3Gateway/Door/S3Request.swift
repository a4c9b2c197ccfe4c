package import Foundation
package import HTTPTypes
package import S3Protocol

/// A request as the operations see it: authenticated already, its path and query decoded once.
package struct S3Request: Sendable {
    /// What the answer's `x-amz-request-id` says.
    package let id: String
    package let method: HTTPRequest.Method
    package let target: S3Target
    package let query: QueryItems
    /// With those that a presigned URL carries in its query.
    package let headers: HTTPFields
    /// As it came, percent-encoded.
    package let rawPath: String
    /// As it came, without "?".
    package let rawQuery: String
    /// As in `Host`.
    package let host: String
    /// The client's address, without a port.
    package let remoteAddress: String
    package let receivedAt: Date
    /// Whether it came through TLS.
    package let isSecure: Bool
    package let body: S3Body

    package init(
        id: String, method: HTTPRequest.Method, target: S3Target, query: QueryItems, headers: HTTPFields,
        rawPath: String, rawQuery: String, host: String, remoteAddress: String, receivedAt: Date, isSecure: Bool,
        body: S3Body
    ) {
        self.id = id
        self.method = method
        self.target = target
        self.query = query
        self.headers = headers
        self.rawPath = rawPath
        self.rawQuery = rawQuery
        self.host = host
        self.remoteAddress = remoteAddress
        self.receivedAt = receivedAt
        self.isSecure = isSecure
        self.body = body
    }

    /// A header's value, by its name in any case; several are joined with commas.
    package func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }

    /// Headers `x-amz-meta-…`: names in lower case without that prefix, and values.
    package var userMetadata: [String: String] {
        var metadata: [String: String] = [:]
        for field in headers where field.name.canonicalName.hasPrefix("x-amz-meta-") {
            let name = String(field.name.canonicalName.dropFirst("x-amz-meta-".count))
            metadata[name] = metadata[name].map { "\($0),\(field.value)" } ?? field.value
        }
        return metadata
    }
}
