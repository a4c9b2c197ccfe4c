import GatewayRecords
import S3Protocol

/// What a request says about the bucket to be.
struct BucketWishes {
    let location: String
    let hasObjectLock: Bool
    let list: AccessControlPolicy
    private let ownership: ObjectOwnership?

    init(_ call: S3Call) async throws {
        let body = try await call.document()
        location = body.isEmpty ? "" : try CreateBucketConfiguration(xml: body).locationConstraint ?? ""
        hasObjectLock = call.request.header("x-amz-bucket-object-lock-enabled")?.lowercased() == "true"
        ownership = try call.request.header("x-amz-object-ownership").map { (text) throws(S3Error) in
            guard let ownership = ObjectOwnership(rawValue: text) else { throw S3Error(.invalidArgument) }
            return ownership
        }
        let owner = AccessOwner(call.owner)
        let declaration = try await AccessDeclaration(call.request, accounts: call.gateway.records.accounts)
        list = declaration?.list(owner: owner, bucketOwner: nil) ?? .owned(by: owner)
        guard ownership != .bucketOwnerEnforced || list.isPrivate else {
            throw S3Error(.invalidBucketAclWithObjectOwnership)
        }
    }

    /// Writes down what is to be remembered of it.
    func write(_ call: S3Call) async throws {
        if let ownership { try await call.set(ownership.xml(), .ownershipControls) }
        guard list != .owned(by: list.owner) else { return }
        try await BucketOpening.keepGrant(call)
        try await call.set(list.xml(), .accessControl)
    }
}
