import Foundation
package import GatewayRecords
package import HTTPTypes
import NIOCore
package import S3Protocol
import StorageModel
import Uplink

/// What a request passes before an operation sees it: what it is about, who sends it, whether he may.
package struct Door: Sendable {
    package let gateway: GatewayContext

    package init(_ gateway: GatewayContext) {
        self.gateway = gateway
    }

    /// A request as it came over the wire.
    package struct Arrival: Sendable {
        package let id: String
        package let head: HTTPRequest
        package let remoteAddress: String
        package let isSecure: Bool
        package let body: S3Body.Source

        package init(
            id: String, head: HTTPRequest, remoteAddress: String, isSecure: Bool, body: @escaping @autoclosure () -> S3Body.Source
        ) {
            self.id = id
            self.head = head
            self.remoteAddress = remoteAddress
            self.isSecure = isSecure
            self.body = body()
        }

        /// The path as it came, without the query.
        package var rawPath: String {
            String((head.path ?? "/").prefix { $0 != "?" })
        }

        /// The query as it came, without "?".
        package var rawQuery: String {
            let path = head.path ?? ""
            guard let mark = path.utf8.firstIndex(of: UInt8(ascii: "?")) else { return "" }
            return String(path[path.utf8.index(after: mark)...])
        }

        /// The text of `Host`.
        package var host: String { head.authority ?? "" }
    }

    /// Lets a request in.
    ///
    /// - Returns: the call, for `Dispatch`; nothing of the body has been read.
    /// - Throws: `S3Error` for what is refused, `UplinkError` when the satellite fails.
    package func admit(_ arrival: Arrival) async throws -> S3Call {
        let domains = gateway.settings.virtualHostDomains
        let target = try S3Target.parse(rawPath: arrival.rawPath, host: arrival.host, domains: domains)
        let query = QueryItems(rawQuery: arrival.rawQuery)
        let signed = SignedRequest(
            method: arrival.head.method.rawValue, rawPath: arrival.rawPath, rawQuery: arrival.rawQuery,
            headers: arrival.head.headerFields, host: arrival.host,
            bucketInHost: target.isVirtualHost ? target.bucket : nil)
        let (caller, rule) = try await authenticate(signed)
        let headers = arrival.head.headerFields + signed.hoistedHeaders
        let operation = try S3Operation.named(arrival.head.method, target, query, headers)
        let body = S3Body(
            try BodyCheck(rule, headers: headers, contentLength: try Self.contentLength(headers)), source: arrival.body)
        let request = S3Request(
            id: arrival.id, method: arrival.head.method, target: target, query: query, headers: headers,
            rawPath: arrival.rawPath, rawQuery: arrival.rawQuery, host: arrival.host,
            remoteAddress: arrival.remoteAddress, receivedAt: Self.date(gateway.clock.now()),
            isSecure: arrival.isSecure, body: body)
        return try await admit(request, operation, caller)
    }

    /// Lets a known caller do something: for forms, whose fields say who sends them.
    package func admit(_ request: S3Request, _ operation: S3Operation, _ caller: Caller) async throws -> S3Call {
        guard let grant = caller.grant, let account = caller.account else { throw S3Error(.accessDenied) }
        let project = try await gateway.projects.project(for: grant)
        return S3Call(
            request: request, operation: operation, caller: caller, project: project, owner: account, gateway: gateway)
    }

    // MARK: Who it is

    /// The credential that an access key id names; what a form's signature is checked with too.
    ///
    /// - Throws: `InvalidAccessKeyId` for one that is unknown, expired or revoked.
    package func credential(_ accessKeyID: String) async throws -> Credential {
        let now = gateway.clock.now()
        guard let credential = try await gateway.records.credentials.credential(accessKeyID: accessKeyID, at: now) else {
            throw S3Error(.invalidAccessKeyId, details: [.init("AWSAccessKeyId", accessKeyID)])
        }
        return credential
    }

    /// The caller behind a credential.
    package func caller(of credential: Credential) async throws -> Caller {
        let known = try await gateway.records.accounts.account(credential.accountID)
        let account = known ?? GatewayAccount(id: credential.accountID, name: credential.accountID, email: nil)
        return Caller(account: account, accessKeyID: credential.accessKeyID, grant: credential.grant)
    }

    private func authenticate(_ request: SignedRequest) async throws -> (Caller, PayloadRule) {
        let authentication = try S3Authentication.parse(request)
        guard let accessKeyID = authentication.accessKeyID else {
            return (.anonymous, try PayloadRule.anonymous(request.headers))
        }
        let credential = try await credential(accessKeyID)
        let rule = try authentication.verify(request, secret: credential.secretKey, at: gateway.clock.now())
        return (try await caller(of: credential), rule)
    }

    private static func contentLength(_ headers: HTTPFields) throws(S3Error) -> Int64? {
        guard let text = headers[.contentLength] else { return nil }
        guard let length = Int64(text), length >= 0, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw S3Error(.invalidArgument, "Content-Length is no number of bytes")
        }
        return length
    }

    private static func date(_ moment: Timestamp) -> Date {
        Date(timeIntervalSince1970: Double(moment.seconds) + Double(moment.nanoseconds) / 1_000_000_000)
    }
}
