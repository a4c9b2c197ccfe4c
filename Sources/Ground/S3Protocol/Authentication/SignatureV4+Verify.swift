import HTTPTypes
import StorageModel

extension SignatureV4 {
    /// Checks time, region, coverage and signature.
    ///
    /// - Returns: how the body is to be checked.
    /// - Throws: `RequestTimeTooSkewed`, `AccessDenied` (expired, or a header of S3's left unsigned),
    ///   `AuthorizationHeaderMalformed` (region), `SignatureDoesNotMatch`, and what `PayloadRule` throws.
    func verify(
        _ request: SignedRequest, secret: String, at now: Timestamp, rules: AuthenticationRules
    ) throws(S3Error) -> PayloadRule {
        try checkTime(now, rules)
        if let regions = rules.regions, !regions.contains(scope.region) {
            throw S3Error(
                .authorizationHeaderMalformed,
                "The authorization header is malformed; the region '\(scope.region)' is wrong.")
        }
        try checkCoverage(request)
        let key = SigningKeyV4(secret: secret, scope: scope, date: S3Date.compact(date))
        let canonical = CanonicalRequest.bytes(of: request, signedHeaders: signedHeaders, payloadHash: payload)
        guard ConstantTime.equal(key.signature(ofRequest: canonical), signature) else { throw Self.doesNotMatch }
        return try PayloadRule(payload, chunkSigner: ChunkSigner(key: key, seed: signature))
    }

    private func checkTime(_ now: Timestamp, _ rules: AuthenticationRules) throws(S3Error) {
        switch place {
        case .header:
            try SignatureClock.check(date, at: now, maximumSkew: rules.maximumSkew)
        case .query(let lifetime):
            guard .seconds(lifetime) <= rules.longestPresigned else {
                throw SignatureClock.refusedLifetime("X-Amz-Expires must be less than a week (in seconds)")
            }
            guard date <= now.advanced(by: rules.maximumSkew) else {
                throw S3Error(.accessDenied, "Request is not valid yet")
            }
            guard now < date.advanced(by: .seconds(lifetime)) else { throw SignatureClock.expired }
        }
    }

    /// S3's own headers change what a request does, so a signature that leaves one out covers too little.
    private func checkCoverage(_ request: SignedRequest) throws(S3Error) {
        for field in request.headers {
            let name = field.name.canonicalName
            guard name.hasPrefix("x-amz-"), name != "x-amz-content-sha256", !signedHeaders.contains(name) else { continue }
            throw S3Error(.accessDenied, "There were headers present in the request which were not signed")
        }
    }
}

/// The rules of time that all signatures share.
enum SignatureClock {
    /// - Throws: `RequestTimeTooSkewed`.
    static func check(_ date: Timestamp, at now: Timestamp, maximumSkew: Duration) throws(S3Error) {
        guard date <= now.advanced(by: maximumSkew), now <= date.advanced(by: maximumSkew) else {
            throw S3Error(
                .requestTimeTooSkewed, "The difference between the request time and the current time is too large.")
        }
    }

    /// A presigned URL after its end.
    static var expired: S3Error { S3Error(.accessDenied, "Request has expired") }

    /// A presigned URL that would live longer than any may: refused like an expired one.
    static func refusedLifetime(_ message: String) -> S3Error { S3Error(.accessDenied, message) }
}
