import HTTPTypes
package import StorageModel

/// How a request says who sends it.
package enum S3Authentication: Sendable {
    /// Not at all. A form's fields may still say it: `PostForm`.
    case anonymous
    case signatureV4(SignatureV4)
    case signatureV2(SignatureV2)

    /// Finds and parses the signature; nothing is verified yet.
    ///
    /// - Throws: what S3 answers to the particular malformation; `AccessDenied` for an empty or unreadable header.
    package static func parse(_ request: SignedRequest) throws(S3Error) -> S3Authentication {
        if let authorization = request.headers[.authorization] {
            return try parse(authorization, of: request)
        }
        guard !request.rawQuery.isEmpty else { return .anonymous }
        let names = request.queryItems.map(\.name)
        if names.contains("X-Amz-Algorithm") || names.contains("X-Amz-Signature") {
            return .signatureV4(try SignatureV4(query: request))
        }
        if names.contains("AWSAccessKeyId") || names.contains("Signature") {
            return .signatureV2(try SignatureV2(query: request))
        }
        return .anonymous
    }

    private static func parse(_ authorization: String, of request: SignedRequest) throws(S3Error) -> S3Authentication {
        let end = authorization.utf8.firstIndex(of: UInt8(ascii: " ")) ?? authorization.endIndex
        switch authorization[..<end] {
        case SignatureV4.algorithm[...]:
            return .signatureV4(try SignatureV4(authorization: authorization, of: request))
        case "AWS":
            return .signatureV2(try SignatureV2(authorization: authorization))
        case "AWS4-ECDSA-P256-SHA256":
            throw S3Error(.notImplemented, "Signatures of version 4a are not supported")
        case "Basic", "Bearer", "Digest":
            throw S3Error(.invalidArgument, "Unsupported Authorization Type")
        default:
            throw S3Error(.accessDenied, "Access Denied")
        }
    }

    /// Whose key it claims; nil for nobody's.
    package var accessKeyID: String? {
        switch self {
        case .anonymous: nil
        case .signatureV4(let signature): signature.scope.accessKeyID
        case .signatureV2(let signature): signature.accessKeyID
        }
    }

    /// Checks time and signature with the claimed key's secret.
    ///
    /// - Returns: how the body is to be checked.
    /// - Throws: `SignatureDoesNotMatch`, `RequestTimeTooSkewed`, `AccessDenied` and what malformed words deserve.
    package func verify(
        _ request: SignedRequest, secret: String, at now: Timestamp, rules: AuthenticationRules = AuthenticationRules()
    ) throws(S3Error) -> PayloadRule {
        switch self {
        case .anonymous: try PayloadRule.anonymous(request.headers)
        case .signatureV4(let signature): try signature.verify(request, secret: secret, at: now, rules: rules)
        case .signatureV2(let signature): try signature.verify(request, secret: secret, at: now, rules: rules)
        }
    }
}
