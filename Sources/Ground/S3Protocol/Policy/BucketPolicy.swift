/// A bucket's policy: statements that allow and forbid.
///
/// - Source: IAM user guide, "IAM JSON policy reference"; Amazon S3 user guide, "Bucket policies".
package struct BucketPolicy: Sendable {
    /// S3 takes no larger policy. Bytes.
    package static let maximumByteCount = 20 << 10

    private let statements: [PolicyStatement]

    /// Reads a policy.
    ///
    /// - Parameter bucket: whose policy it is: it may speak of nothing else.
    /// - Throws: `MalformedPolicy`.
    package init(json bytes: [UInt8], bucket: String) throws(S3Error) {
        guard bytes.count <= Self.maximumByteCount else {
            throw S3Error(.malformedPolicy, "Policy exceeds the maximum allowed document size")
        }
        guard case .object(let fields) = JSONValue.parse(bytes) else { throw S3Error(.malformedPolicy) }
        guard Set(fields.keys).isSubset(of: ["Version", "Id", "Statement"]), let statement = fields["Statement"],
            [nil, .text("2012-10-17"), .text("2008-10-17")].contains(fields["Version"])
        else { throw S3Error(.malformedPolicy, "Invalid policy syntax.") }
        let values: [JSONValue] = if case .list(let list) = statement { list } else { [statement] }
        guard !values.isEmpty else { throw S3Error(.malformedPolicy, "Could not parse the policy: Statement is empty!") }
        var statements: [PolicyStatement] = []
        for value in values { statements.append(try PolicyStatement(value, bucket: bucket)) }
        self.statements = statements
    }

    /// What the policy says to a request.
    package func verdict(for request: PolicyRequest) -> PolicyVerdict {
        var verdict = PolicyVerdict.none
        for statement in statements where statement.speaks(of: request) {
            if statement.effect == .deny { return .deny }
            verdict = .allow
        }
        return verdict
    }

    /// Whether strangers are let in by it.
    ///
    /// - Source: Amazon S3 user guide, "Blocking public access to your Amazon S3 storage", "The meaning of public".
    package var isPublic: Bool { statements.contains(where: \.isPublic) }

    /// Whether the tags of an object decide something.
    package var needsExistingObjectTags: Bool {
        statements.contains { $0.conditions.contains { $0.key.hasPrefix("s3:existingobjecttag/") } }
    }
}
