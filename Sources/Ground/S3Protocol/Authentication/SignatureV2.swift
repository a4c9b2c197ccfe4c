import Crypto
import Foundation
import HTTPTypes
import StorageModel

/// A signature of version 2, which old tools still make: HMAC-SHA1 over verb, date, some headers and the path.
///
/// - Source: "Signing and authenticating REST requests" of Amazon S3.
package struct SignatureV2: Sendable {
    enum Place: Hashable, Sendable {
        case header
        /// A presigned URL with the second of its end, counted since 1970, as the client wrote it.
        case query(expires: String)
    }

    package let accessKeyID: String
    let place: Place
    /// 20 bytes.
    let signature: [UInt8]

    /// The queries that name something else than the object itself, and therefore are signed with the path.
    private static let subresources: Set<String> = [
        "accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "inventory", "lifecycle", "location",
        "logging", "metrics", "notification", "object-lock", "partNumber", "policy", "replication", "requestPayment",
        "response-cache-control", "response-content-disposition", "response-content-encoding",
        "response-content-language", "response-content-type", "response-expires", "restore", "select", "select-type",
        "storageClass", "tagging", "torrent", "uploadId", "uploads", "versionId", "versioning", "versions", "website",
    ]

    /// Parses `Authorization: AWS AKID:signature`.
    ///
    /// - Throws: `InvalidArgument`.
    init(authorization: String) throws(S3Error) {
        let parts = authorization.dropFirst(4).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw S3Error(.invalidArgument, "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature")
        }
        accessKeyID = String(parts[0])
        signature = Self.bytes(String(parts[1]))
        place = .header
    }

    /// Parses the items `AWSAccessKeyId`, `Signature` and `Expires` of a presigned URL.
    ///
    /// - Throws: `AccessDenied` when one is missing.
    init(query request: SignedRequest) throws(S3Error) {
        guard let id = request.queryValue("AWSAccessKeyId"), let signature = request.queryValue("Signature"),
            let expires = request.queryValue("Expires")
        else {
            throw S3Error(
                .accessDenied,
                "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters")
        }
        accessKeyID = id
        self.signature = Self.bytes(signature)
        place = .query(expires: expires)
    }

    /// Checks time and signature.
    ///
    /// - Returns: how the body is to be checked: what its `x-amz-content-sha256` declares, if anything.
    /// - Throws: `AccessDenied`, `RequestTimeTooSkewed`, `SignatureDoesNotMatch`.
    func verify(
        _ request: SignedRequest, secret: String, at now: Timestamp, rules: AuthenticationRules
    ) throws(S3Error) -> PayloadRule {
        let date: String
        switch place {
        case .header:
            let isAmazon = request.headers.contains(AmazonHeader.date)
            let text = request.headers[isAmazon ? AmazonHeader.date : .date] ?? ""
            guard let moment = S3Date.parseHTTP(text) ?? S3Date.parseCompact(text), moment.seconds >= 0 else {
                throw SignatureV4.missingDate
            }
            try SignatureClock.check(moment, at: now, maximumSkew: rules.maximumSkew)
            date = isAmazon ? "" : text
        case .query(let expires):
            guard let end = Int64(expires) else {
                throw S3Error(.accessDenied, "Invalid date (should be seconds since epoch): \(expires)")
            }
            guard now.seconds < end else { throw SignatureClock.expired }
            date = expires
        }
        // A bucket may be signed with a slash behind its name that the request does not have.
        let isSigned = ["", "/"].contains { suffix in
            Self.isSignature(signature, of: stringToSign(request, date: date, suffix: suffix), secret: secret)
        }
        guard isSigned else { throw SignatureV4.doesNotMatch }
        return try PayloadRule.anonymous(request.headers)
    }

    /// Whether 20 bytes are the signature of a text; the comparison takes the same time wherever they differ.
    static func isSignature(_ signature: [UInt8], of text: String, secret: String) -> Bool {
        let key = SymmetricKey(data: Array(secret.utf8))
        let expected = HMAC<Insecure.SHA1>.authenticationCode(for: Array(text.utf8), using: key)
        return ConstantTime.equal(Array(expected), signature)
    }

    /// The bytes of a signature's base64; of anything else none, which no signature equals.
    static func bytes(_ base64: String) -> [UInt8] { Data(base64Encoded: base64).map(Array.init) ?? [] }

    private func stringToSign(_ request: SignedRequest, date: String, suffix: String) -> String {
        var headers = request.headers
        if place != .header { headers.append(contentsOf: request.hoistedHeaders) }
        var lines = [request.method, headers[AmazonHeader.contentMD5] ?? hoisted("content-md5", in: request)]
        lines.append(headers[.contentType] ?? hoisted("content-type", in: request))
        lines.append(date)
        lines += Self.amazonHeaders(headers)
        lines.append(resource(request, suffix: suffix))
        return lines.joined(separator: "\n")
    }

    /// A header that botocore puts into a presigned URL's query.
    private func hoisted(_ name: String, in request: SignedRequest) -> String {
        place == .header ? "" : request.queryItems.first { $0.name.lowercased() == name }?.value ?? ""
    }

    /// `name:value` of every `x-amz-…`, sorted by name.
    private static func amazonHeaders(_ headers: HTTPFields) -> [String] {
        var values: [String: [String]] = [:]
        for field in headers where field.name.canonicalName.hasPrefix("x-amz-") {
            values[field.name.canonicalName, default: []].append(field.value)
        }
        return values.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.joined(separator: ","))" }
    }

    private func resource(_ request: SignedRequest, suffix: String) -> String {
        let isBucket = !request.rawPath.dropFirst().contains("/")
        let path = (request.rawPath.isEmpty ? "/" : request.rawPath) + (isBucket ? suffix : "")
        let text = (request.bucketInHost.map { "/\($0)" } ?? "") + path
        let items = request.rawQuery.split(separator: "&").map { item -> (name: String, value: String?) in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(decoding: PercentCode.decode(parts[1].utf8), as: UTF8.self) : nil
            return (String(parts[0]), value)
        }
        let named = items.filter { Self.subresources.contains($0.name) }.sorted { $0.name < $1.name }
            .map { $0.name + ($0.value.map { "=\($0)" } ?? "") }
        return named.isEmpty ? text : "\(text)?\(named.joined(separator: "&"))"
    }
}
