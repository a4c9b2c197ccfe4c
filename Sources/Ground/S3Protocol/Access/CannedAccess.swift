/// A list in one word, as in `x-amz-acl`.
///
/// - Source: Amazon S3 user guide, "Access control list (ACL) overview", "Canned ACL".
package enum CannedAccess: String, CaseIterable, Sendable {
    case `private` = "private"
    case publicRead = "public-read"
    case publicReadWrite = "public-read-write"
    case authenticatedRead = "authenticated-read"
    case bucketOwnerRead = "bucket-owner-read"
    case bucketOwnerFullControl = "bucket-owner-full-control"
    case logDeliveryWrite = "log-delivery-write"

    /// The list it stands for.
    ///
    /// - Parameters:
    ///   - owner: whose the bucket or object is.
    ///   - bucketOwner: whose the object's bucket is; nil for a bucket.
    package func list(owner: AccessOwner, bucketOwner: AccessOwner?) -> AccessControlPolicy {
        var grants: [AccessGrantEntry] = []
        var ownersGrants = [AccessGrantEntry(.account(owner), .fullControl)]
        switch self {
        case .private: break
        case .publicRead: grants = [.init(.group(.allUsers), .read)]
        case .publicReadWrite: grants = [.init(.group(.allUsers), .read), .init(.group(.allUsers), .write)]
        case .authenticatedRead: grants = [.init(.group(.authenticatedUsers), .read)]
        case .bucketOwnerRead, .bucketOwnerFullControl:
            if let bucketOwner, bucketOwner != owner {
                let permission: AccessPermission = self == .bucketOwnerRead ? .read : .fullControl
                ownersGrants.append(.init(.account(bucketOwner), permission))
            }
        case .logDeliveryWrite: grants = [.init(.group(.logDelivery), .write), .init(.group(.logDelivery), .readACP)]
        }
        return AccessControlPolicy(owner: owner, grants: grants + ownersGrants)
    }
}
