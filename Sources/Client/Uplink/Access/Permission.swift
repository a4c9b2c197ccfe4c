internal import AccessGrants
public import Foundation
internal import Macaroons
internal import StorageModel

/// What someone may do with a shared access, and when. Nothing is allowed unless said.
public struct Permission: Hashable, Sendable, Codable {
    /// Reading objects.
    public var allowsDownload = false
    /// Writing objects; replacing one also needs ``allowsDelete``.
    public var allowsUpload = false
    /// Listing buckets and objects.
    public var allowsList = false
    /// Deleting objects.
    public var allowsDelete = false
    /// Setting the retention of objects.
    public var allowsPutRetention = false
    /// Reading the retention of objects.
    public var allowsGetRetention = false
    /// Setting legal holds.
    public var allowsPutLegalHold = false
    /// Reading legal holds.
    public var allowsGetLegalHold = false
    /// Deleting objects in spite of a retention in governance mode.
    public var allowsBypassGovernance = false
    /// Setting the retention that a bucket gives new objects.
    public var allowsPutBucketLock = false
    /// Reading the retention that a bucket gives new objects.
    public var allowsGetBucketLock = false
    /// The first moment the permission holds.
    public var notBefore: Date?
    /// The last moment the permission holds.
    public var notAfter: Date?
    /// How long objects written under the permission live at most.
    public var maximumObjectLifetime: Duration?

    /// A permission.
    public init(
        download: Bool = false, upload: Bool = false, list: Bool = false, delete: Bool = false,
        notBefore: Date? = nil, notAfter: Date? = nil, maximumObjectLifetime: Duration? = nil
    ) {
        allowsDownload = download
        allowsUpload = upload
        allowsList = list
        allowsDelete = delete
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.maximumObjectLifetime = maximumObjectLifetime
    }

    /// Reading and listing.
    public static let readOnly = Permission(download: true, list: true)
    /// Writing and deleting.
    public static let writeOnly = Permission(upload: true, delete: true)
    /// Reading, writing, listing and deleting.
    public static let full = Permission(download: true, upload: true, list: true, delete: true)
}

extension Permission {
    /// The flags beyond reading, writing, listing and deleting, and what a caveat calls them.
    private static var lockFlags: [(flag: Disallowed, field: WritableKeyPath<Permission, Bool>)] {
        [
            (.putRetention, \.allowsPutRetention), (.getRetention, \.allowsGetRetention),
            (.putLegalHold, \.allowsPutLegalHold), (.getLegalHold, \.allowsGetLegalHold),
            (.bypassGovernanceRetention, \.allowsBypassGovernance),
            (.putBucketObjectLockConfiguration, \.allowsPutBucketLock),
            (.getBucketObjectLockConfiguration, \.allowsGetBucketLock),
        ]
    }

    /// The permission as a grant takes it.
    var share: SharePermission {
        var lifted: Disallowed = []
        for (flag, field) in Self.lockFlags where self[keyPath: field] { lifted.insert(flag) }
        return SharePermission(
            download: allowsDownload, upload: allowsUpload, list: allowsList, delete: allowsDelete, lifting: lifted,
            notBefore: notBefore.map { Timestamp(date: $0) }, notAfter: notAfter.map { Timestamp(date: $0) },
            maximumObjectTTL: maximumObjectLifetime)
    }

    /// What a caveat leaves allowed.
    init(_ caveat: Caveat) {
        let forbidden = caveat.disallowed
        self.init(
            download: !forbidden.contains(.reads), upload: !forbidden.contains(.writes),
            list: !forbidden.contains(.lists), delete: !forbidden.contains(.deletes),
            notBefore: caveat.notBefore?.date, notAfter: caveat.notAfter?.date,
            maximumObjectLifetime: caveat.maximumObjectTTL)
        for (flag, field) in Self.lockFlags { self[keyPath: field] = !forbidden.contains(flag) }
    }

    /// What both leave allowed.
    func intersection(_ other: Permission) -> Permission {
        var both = Permission(
            download: allowsDownload && other.allowsDownload, upload: allowsUpload && other.allowsUpload,
            list: allowsList && other.allowsList, delete: allowsDelete && other.allowsDelete,
            notBefore: [notBefore, other.notBefore].compactMap { $0 }.max(),
            notAfter: [notAfter, other.notAfter].compactMap { $0 }.min(),
            maximumObjectLifetime: [maximumObjectLifetime, other.maximumObjectLifetime].compactMap { $0 }.min())
        for (_, field) in Self.lockFlags { both[keyPath: field] = self[keyPath: field] && other[keyPath: field] }
        return both
    }
}
