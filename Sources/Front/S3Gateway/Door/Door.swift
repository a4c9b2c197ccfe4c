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

    /// A request whose sender is known, before it is decided what he may do.
    package struct Received: Sendable {
        package let request: S3Request
        package let operation: S3Operation
        package let caller: Caller
    }

    /// Lets a request in.
    ///
    /// - Returns: the call, for `Dispatch`; nothing of the body has been read.
    /// - Throws: `S3Error` for what is refused, `UplinkError` when the satellite fails.
    package func admit(_ arrival: Arrival) async throws -> S3Call {
        let received = try await receive(arrival)
        return try await admit(received.request, received.operation, received.caller)
    }

    /// Finds out what a request is about and who sends it.
    ///
    /// - Throws: `S3Error` for what cannot be understood or is signed wrongly.
    package func receive(_ arrival: Arrival) async throws -> Received {
        let target = try target(of: arrival)
        let query = QueryItems(rawQuery: arrival.rawQuery)
        let signed = SignedRequest(
            method: arrival.head.method.rawValue, rawPath: arrival.rawPath, rawQuery: arrival.rawQuery,
            headers: arrival.head.headerFields, host: arrival.host,
            bucketInHost: target.isVirtualHost ? target.bucket : nil)
        let (caller, rule) = try await authenticate(signed)
        let headers = arrival.head.headerFields + signed.hoistedHeaders
        let operation = try S3Operation.named(arrival.head.method, target, query, headers)
        let hasLength = headers[.contentLength] != nil || headers[.transferEncoding] != nil
        guard hasLength || (operation != .putObject && operation != .uploadPart) else {
            throw S3Error(.missingContentLength)
        }
        let body = S3Body(
            try BodyCheck(
                rule, headers: headers, contentLength: try Self.contentLength(headers),
                checksumIsOfBody: operation != .completeMultipartUpload), source: arrival.body)
        let request = S3Request(
            id: arrival.id, method: arrival.head.method, target: target, query: query, headers: headers,
            rawPath: arrival.rawPath, rawQuery: arrival.rawQuery, host: arrival.host,
            remoteAddress: arrival.remoteAddress, receivedAt: Self.date(gateway.clock.now()),
            isSecure: arrival.isSecure, body: body)
        return Received(request: request, operation: operation, caller: caller)
    }

    /// Lets a known caller do something, or refuses.
    ///
    /// - Throws: `AccessDenied`, `NoSuchBucket`, `UplinkError`.
    package func admit(_ request: S3Request, _ operation: S3Operation, _ caller: Caller) async throws -> S3Call {
        guard let bucket = request.target.bucket, operation != .createBucket else {
            return try await call(request, operation, caller)
        }
        let admission = try await gateway.doorkeeper.admit(
            AccessQuestion(
                operation, bucket: bucket, key: request.target.key, versionID: request.query["versionId"],
                caller: caller, request: request))
        let known = try await gateway.records.accounts.account(admission.place.owner, at: gateway.clock.now())
        return S3Call(
            request: request, operation: operation, caller: caller,
            project: try await gateway.doorkeeper.project(for: admission, caller),
            owner: known ?? Self.nameless(admission.place.owner), gateway: gateway,
            mayLearnAbsence: admission.mayLearnAbsence)
    }

    /// What a caller does for himself: no bucket says anything about it.
    private func call(_ request: S3Request, _ operation: S3Operation, _ caller: Caller) async throws -> S3Call {
        guard let grant = caller.grant, let account = caller.account else { throw S3Error(.accessDenied) }
        return S3Call(
            request: request, operation: operation, caller: caller,
            project: try await gateway.projects.project(for: grant), owner: account, gateway: gateway)
    }

    private static func nameless(_ id: String) -> GatewayAccount { GatewayAccount(id: id, name: id, email: nil) }

    // MARK: Browsers

    /// What the answer tells browsers about which pages may read it; nothing when that cannot be found out.
    func crossOriginHeaders(_ arrival: Arrival) async -> HTTPFields {
        guard arrival.head.headerFields[.origin] != nil else { return [:] }
        if let console = ConsoleOrigins.headers(for: arrival.head, gateway.settings) { return console }
        do {
            return try await CORSAnswer.headers(
                for: arrival.head, bucket: target(of: arrival).bucket, gateway.doorkeeper.directory)
        } catch {
            // Without the headers a browser shows a page nothing, which is what a page without a rule may see.
            return [:]
        }
    }

    /// The answer to a browser that asks what a page may do; nil for any other request.
    func preflight(_ arrival: Arrival) async throws -> S3Response? {
        guard arrival.head.method == .options else { return nil }
        if let console = ConsoleOrigins.preflight(arrival.head, gateway.settings) { return console }
        return try await CORSAnswer.preflight(
            arrival.head, bucket: target(of: arrival).bucket, gateway.doorkeeper.directory)
    }

    private func target(of arrival: Arrival) throws(S3Error) -> S3Target {
        let domains = gateway.settings.virtualHostDomains + gateway.settings.websiteDomains
        return try S3Target.parse(rawPath: arrival.rawPath, host: arrival.host, domains: domains)
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
        let known = try await gateway.records.accounts.account(credential.accountID, at: gateway.clock.now())
        return Caller(
            account: known ?? Self.nameless(credential.accountID), accessKeyID: credential.accessKeyID, grant: credential.grant)
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
