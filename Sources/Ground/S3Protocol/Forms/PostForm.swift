package import HTTPTypes
package import StorageModel

/// The fields of an upload by form, before its file.
package struct PostForm: Hashable, Sendable {
    /// By lower-case names; of a name that comes twice the first.
    private let fields: [String: String]
    package let file: FormReader.File

    package init(_ fields: [FormReader.Field], file: FormReader.File) {
        self.fields = Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        self.file = file
    }

    /// A field's value; names in lower case.
    package subscript(name: String) -> String? { fields[name] }

    /// The object's key, with the file's name in place of `${filename}`.
    ///
    /// - Throws: `InvalidArgument` without one, `KeyTooLongError`.
    package var key: String {
        get throws(S3Error) {
            let key = (fields["key"] ?? "").replacing("${filename}", with: file.name ?? "")
            guard !key.isEmpty else {
                throw S3Error(
                    .invalidArgument,
                    "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the "
                        + "fields.")
            }
            guard key.utf8.count <= 1024 else { throw S3Error(.keyTooLongError) }
            return key
        }
    }

    /// Whose key signed the policy; nil when nobody signed.
    ///
    /// - Throws: `InvalidArgument` for half a signature, `InvalidRequest` for one of another kind.
    package var accessKeyID: String? {
        get throws(S3Error) {
            if fields["x-amz-algorithm"] != nil || fields["x-amz-signature"] != nil {
                return try signatureV4.scope.accessKeyID
            }
            guard let id = fields["awsaccesskeyid"] else {
                guard fields["signature"] == nil else { throw Self.missing("AWSAccessKeyId") }
                return nil
            }
            for name in ["signature", "policy"] where fields[name] == nil { throw Self.missing(name) }
            return id
        }
    }

    /// Checks the signature and the policy it is of.
    ///
    /// - Parameters:
    ///   - secret: nil for a form that nobody signed, whose policy is checked if there is one.
    ///   - bucket: that the form was sent to.
    /// - Returns: how many bytes the file may have.
    /// - Throws: `SignatureDoesNotMatch`, `RequestTimeTooSkewed`, and what `PostPolicy` throws.
    package func verify(secret: String?, bucket: String, at now: Timestamp) throws(S3Error) -> ClosedRange<Int64> {
        guard let policy = fields["policy"] else {
            guard secret == nil else { throw Self.missing("policy") }
            return 0...Int64.max
        }
        if let secret { try checkSignature(of: policy, secret: secret) }
        let parsed = try PostPolicy(base64: policy)
        var all = fields
        all["bucket"] = bucket
        all["key"] = try key
        try parsed.check(all, at: now)
        return parsed.lengths
    }

    private func checkSignature(of policy: String, secret: String) throws(S3Error) {
        guard fields["x-amz-signature"] != nil else {
            let signature = SignatureV2.bytes(fields["signature"] ?? "")
            guard SignatureV2.isSignature(signature, of: policy, secret: secret) else { throw SignatureV4.doesNotMatch }
            return
        }
        let (scope, date, signature) = try signatureV4
        let key = SigningKeyV4(secret: secret, scope: scope, date: date)
        guard ConstantTime.equal(key.sign(Array(policy.utf8)), signature) else { throw SignatureV4.doesNotMatch }
    }

    private var signatureV4: (scope: CredentialScope, date: String, signature: [UInt8]) {
        get throws(S3Error) {
            for name in ["x-amz-algorithm", "x-amz-credential", "x-amz-signature", "x-amz-date", "policy"]
            where fields[name] == nil { throw Self.missing(name) }
            guard fields["x-amz-algorithm"] == SignatureV4.algorithm else {
                throw S3Error(.invalidRequest, "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"")
            }
            guard let scope = CredentialScope(fields["x-amz-credential"] ?? ""), scope.service == "s3",
                let date = fields["x-amz-date"], let moment = S3Date.parseCompact(date),
                S3Date.compact(moment).hasPrefix(scope.day)
            else { throw S3Error(.invalidArgument, "The form's credential or date is malformed.") }
            guard let signature = Hexadecimal.decode(fields["x-amz-signature"] ?? ""), signature.count == 32 else {
                throw SignatureV4.doesNotMatch
            }
            return (scope, date, signature)
        }
    }

    /// The fields as the headers of a put.
    ///
    /// - Throws: `InvalidArgument` for a value that no header can have.
    package var headers: HTTPFields {
        get throws(S3Error) {
            var headers = HTTPFields()
            for (name, value) in fields {
                guard let field = Self.header(name) else { continue }
                guard HTTPField.isValidValue(value) else {
                    throw S3Error(.invalidArgument, "The value of the field \(name) cannot be a header's.")
                }
                headers[field] = value.replacing("${filename}", with: file.name ?? "")
            }
            return headers
        }
    }

    private static let standardHeaders: Set<String> = [
        "cache-control", "content-type", "content-disposition", "content-encoding", "content-language", "expires",
        "content-md5",
    ]

    private static func header(_ name: String) -> HTTPField.Name? {
        if name == "acl" { return HTTPField.Name("x-amz-acl") }
        let isSignature = ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"].contains(name)
        guard standardHeaders.contains(name) || (name.hasPrefix("x-amz-") && !isSignature) else { return nil }
        return HTTPField.Name(name)
    }

    private static func missing(_ name: String) -> S3Error {
        S3Error(
            .invalidArgument, "Bucket POST must contain a field named '\(name)'.  If it is specified, please check the "
                + "order of the fields.")
    }
}
