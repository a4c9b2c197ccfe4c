import GatewayRecords
import S3Protocol

/// Whose a new object is and who may do what with it.
///
/// - Source: Amazon S3 user guide, "Controlling ownership of objects and disabling ACLs for your bucket".
package enum ObjectAccess {
    /// What is kept with a new object: its list, as a document; nil when it is simply the bucket owner's.
    ///
    /// Call it before the object is committed: it refuses what the bucket does not allow, and sees that strangers whom
    /// the list lets in find the door open.
    ///
    /// - Throws: `AccessControlListNotSupported`, `AccessDenied`, `InvalidArgument`, `UnresolvableGrantByEmailAddress`.
    package static func declared(_ call: S3Call) async throws -> String? {
        let properties = try await call.properties()
        let declaration = try await AccessDeclaration(call.request, accounts: call.gateway.records.accounts)
        if properties.ownership == .bucketOwnerEnforced {
            guard declaration == nil || declaration?.canned == .bucketOwnerFullControl else {
                throw S3Error(.accessControlListNotSupported)
            }
            return nil
        }
        let bucketOwner = AccessOwner(call.owner)
        let isHandedOver =
            properties.ownership == .bucketOwnerPreferred && declaration?.canned == .bucketOwnerFullControl
        let owner = isHandedOver ? bucketOwner : call.caller.account.map(AccessOwner.init) ?? bucketOwner
        let list = declaration?.list(owner: owner, bucketOwner: bucketOwner) ?? .owned(by: owner)
        try BucketOpening.check(list, properties)
        guard list != .owned(by: bucketOwner) else { return nil }
        if !list.isPrivate { try await BucketOpening.keepGrant(call) }
        return String(decoding: list.xml(), as: UTF8.self)
    }
}
