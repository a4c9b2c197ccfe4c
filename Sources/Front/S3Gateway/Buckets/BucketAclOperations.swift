import GatewayRecords
import S3Protocol

/// Who may do what with a bucket.
///
/// - Source: Amazon S3 API reference, "GetBucketAcl".
enum GetBucketAcl {
    static func run(_ call: S3Call) async throws -> S3Response {
        guard let list = try await call.properties().accessControl else {
            try await call.checkBucket()
            return .xml(AccessControlPolicy.owned(by: AccessOwner(call.owner)).xml())
        }
        // Its owner's name may have changed since it was written.
        return .xml(AccessControlPolicy(owner: AccessOwner(call.owner), grants: list.grants).xml())
    }
}

/// Says who may do what with a bucket.
///
/// - Source: Amazon S3 API reference, "PutBucketAcl".
enum PutBucketAcl {
    static func run(_ call: S3Call) async throws -> S3Response {
        let list = try await AccessControlRequest.list(
            call.document(), call, owner: AccessOwner(call.owner), bucketOwner: nil)
        let properties = try await call.properties()
        guard properties.ownership != .bucketOwnerEnforced else { throw S3Error(.accessControlListNotSupported) }
        try BucketOpening.check(list, properties)
        try await call.checkBucket()
        if list != .owned(by: list.owner) { try await BucketOpening.keepGrant(call) }
        try await call.set(list.xml(), .accessControl)
        return S3Response()
    }
}

/// The list that a request puts, in its headers or in its body.
enum AccessControlRequest {
    /// - Parameter owner: whose the bucket or object is, which no list changes.
    /// - Throws: `MalformedACLError`, `InvalidArgument`, `UnresolvableGrantByEmailAddress`, `UnexpectedContent` for
    ///   both at once, `MissingSecurityHeader` for neither.
    static func list(
        _ body: [UInt8], _ call: S3Call, owner: AccessOwner, bucketOwner: AccessOwner?
    ) async throws -> AccessControlPolicy {
        let accounts = call.gateway.records.accounts
        if let declaration = try await AccessDeclaration(call.request, accounts: accounts) {
            guard body.isEmpty else { throw S3Error(.unexpectedContent) }
            return declaration.list(owner: owner, bucketOwner: bucketOwner)
        }
        guard !body.isEmpty else { throw S3Error(.missingSecurityHeader) }
        let list = try AccessControlPolicy(xml: body)
        guard list.owner == owner else { throw S3Error(.accessDenied) }
        return AccessControlPolicy(
            owner: owner, grants: try await AccessDeclaration.resolved(list.grants, accounts: accounts))
    }
}
