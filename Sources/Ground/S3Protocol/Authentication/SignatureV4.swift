import HTTPTypes
import StorageModel

/// A signature of version 4 as a request carries it, in its `Authorization` header or in its query.
package struct SignatureV4: Sendable {
    /// Where it stood.
    enum Place: Hashable, Sendable {
        case header
        /// A presigned URL, which lives so many seconds from its date on.
        case query(lifetimeSeconds: Int64)
    }

    /// Whose key signed, and for what.
    package let scope: CredentialScope
    let place: Place
    /// Lower-case names, in the client's order.
    let signedHeaders: [String]
    /// 32 bytes.
    let signature: [UInt8]
    /// When the client signed.
    let date: Timestamp
    /// The payload's hash or the word that stands for it.
    let payload: String

    /// The scheme's name.
    static let algorithm = "AWS4-HMAC-SHA256"
    /// The items of a presigned URL that make up its signature.
    static let queryNames = [
        "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders",
        "X-Amz-Signature", "X-Amz-Content-Sha256",
    ]

    /// Parses `Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
    ///
    /// - Throws: `AuthorizationHeaderMalformed`, `AccessDenied` without a date, `InvalidRequest` without the payload's
    ///   hash.
    init(authorization: String, of request: SignedRequest) throws(S3Error) {
        var fields: [String: String] = [:]
        for item in authorization.dropFirst(Self.algorithm.count).split(separator: ",") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw Self.malformed("The authorization header is malformed.") }
            fields[Self.trimmed(parts[0])] = Self.trimmed(parts[1])
        }
        guard let credential = fields["Credential"], let names = fields["SignedHeaders"],
            let signature = fields["Signature"]
        else {
            throw Self.malformed(
                "The authorization header requires three components: Credential, SignedHeaders, and Signature.")
        }
        guard let scope = CredentialScope(credential) else {
            throw Self.malformed(
                "The authorization header is malformed; the Credential is mal-formed; expecting "
                    + "\"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".")
        }
        guard let bytes = Hexadecimal.decode(signature), bytes.count == 32 else { throw Self.doesNotMatch }
        self.scope = scope
        self.signature = bytes
        place = .header
        signedHeaders = Self.names(names)
        date = try Self.date(of: request)
        guard let payload = request.headers[AmazonHeader.contentSHA256] else {
            throw S3Error(.invalidRequest, "Missing required header for this request: x-amz-content-sha256")
        }
        self.payload = payload
        try check(malformed: Self.malformed)
    }

    /// Parses the items `X-Amz-…` of a presigned URL.
    ///
    /// - Throws: `AuthorizationQueryParametersError`; `AccessDenied` for a lifetime below nothing.
    init(query request: SignedRequest) throws(S3Error) {
        let items = Dictionary(
            request.queryItems.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
        guard items["X-Amz-Algorithm"] == Self.algorithm else {
            throw Self.badQuery("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"")
        }
        guard let credential = items["X-Amz-Credential"], let names = items["X-Amz-SignedHeaders"],
            let signature = items["X-Amz-Signature"], let dateText = items["X-Amz-Date"],
            let expires = items["X-Amz-Expires"]
        else {
            throw Self.badQuery(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                    + "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
        }
        guard let scope = CredentialScope(credential) else {
            throw Self.badQuery(
                "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "
                    + "\"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".")
        }
        guard let date = S3Date.parseCompact(dateText) else {
            throw Self.badQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
        }
        guard let lifetime = Int64(expires) else { throw Self.badQuery("X-Amz-Expires should be a number") }
        // A URL that ended before it began is refused like any other that has ended.
        guard lifetime >= 0 else { throw SignatureClock.expired }
        guard let bytes = Hexadecimal.decode(signature), bytes.count == 32 else { throw Self.doesNotMatch }
        self.scope = scope
        self.signature = bytes
        self.date = date
        place = .query(lifetimeSeconds: lifetime)
        signedHeaders = Self.names(names)
        let sentHash = signedHeaders.contains("x-amz-content-sha256") ? request.headers[AmazonHeader.contentSHA256] : nil
        payload = items["X-Amz-Content-Sha256"] ?? sentHash ?? PayloadRule.unsignedWord
        try check(malformed: Self.badQuery)
    }

    /// What holds for both places: the host is signed, and the scope is of the signature's own day and of this service.
    private func check(malformed: (String) -> S3Error) throws(S3Error) {
        guard signedHeaders.contains("host") else {
            throw malformed("The signed headers must include \"host\".")
        }
        guard scope.service == "s3" else {
            throw malformed("incorrect service \"\(scope.service)\". This endpoint belongs to \"s3\".")
        }
        guard S3Date.compact(date).hasPrefix(scope.day) else {
            throw malformed("Invalid credential date \"\(scope.day)\". This date is not the same as X-Amz-Date.")
        }
    }

    /// The date that the request's headers give.
    private static func date(of request: SignedRequest) throws(S3Error) -> Timestamp {
        let text = request.headers[AmazonHeader.date] ?? request.headers[.date] ?? ""
        guard let date = S3Date.parseCompact(text) ?? S3Date.parseHTTP(text) else { throw missingDate }
        return date
    }

    private static func names(_ text: String) -> [String] {
        text.split(separator: ";").map { $0.lowercased() }
    }

    private static func trimmed(_ text: Substring) -> String {
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { $0 != UInt8(ascii: " ") }),
            let last = bytes.lastIndex(where: { $0 != UInt8(ascii: " ") })
        else { return "" }
        return String(text[first...last])
    }

    private static func malformed(_ message: String) -> S3Error { S3Error(.authorizationHeaderMalformed, message) }

    private static func badQuery(_ message: String) -> S3Error {
        S3Error(.authorizationQueryParametersError, message)
    }

    /// Neither `x-amz-date` nor `Date` says when the client signed.
    static var missingDate: S3Error {
        S3Error(.accessDenied, "AWS authentication requires a valid Date or x-amz-date header")
    }

    /// The secret the gateway knows signs this request differently.
    static var doesNotMatch: S3Error {
        S3Error(
            .signatureDoesNotMatch,
            "The request signature we calculated does not match the signature you provided. "
                + "Check your key and signing method.")
    }
}
