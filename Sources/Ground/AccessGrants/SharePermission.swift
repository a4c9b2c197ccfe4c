package import Macaroons
package import StorageModel

/// What someone may do with a shared grant.
package struct SharePermission: Hashable, Sendable {
    /// Reading objects.
    package var allowsDownload: Bool
    /// Writing objects; overwriting one also needs `allowsDelete`.
    package var allowsUpload: Bool
    /// Listing objects and buckets.
    package var allowsList: Bool
    /// Deleting objects.
    package var allowsDelete: Bool
    /// The legacy lock permission.
    package var allowsLock: Bool
    /// Operations beyond these that are allowed, of `Disallowed.fineGrained`.
    package var lifted: Disallowed
    /// The first moment the share works.
    package var notBefore: Timestamp?
    /// The last moment the share works.
    package var notAfter: Timestamp?
    /// How long objects written through the share may live at most.
    package var maximumObjectTTL: Duration?

    /// A permission; nothing is allowed unless said.
    package init(
        download: Bool = false, upload: Bool = false, list: Bool = false, delete: Bool = false, lock: Bool = false,
        lifting lifted: Disallowed = [], notBefore: Timestamp? = nil, notAfter: Timestamp? = nil,
        maximumObjectTTL: Duration? = nil
    ) {
        allowsDownload = download
        allowsUpload = upload
        allowsList = list
        allowsDelete = delete
        allowsLock = lock
        self.lifted = lifted
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.maximumObjectTTL = maximumObjectTTL
    }

    /// Reading and listing.
    package static let readOnly = SharePermission(download: true, list: true)
    /// Writing and deleting.
    package static let writeOnly = SharePermission(upload: true, delete: true)
    /// Reading, writing, listing, deleting.
    package static let full = SharePermission(download: true, upload: true, list: true, delete: true)

    /// Whether the permission allows anything at some time.
    var isMeaningful: Bool {
        let ordered = if let notBefore, let notAfter { notBefore <= notAfter } else { true }
        let anything = allowsDownload || allowsUpload || allowsList || allowsDelete || allowsLock || !lifted.isEmpty
        return ordered && anything
    }

    /// The caveat that says so.
    ///
    /// - Parameters:
    ///   - places: where; empty for everywhere.
    ///   - nonce: 4 random bytes.
    /// - Source: protocol document 1 §4.5.
    func caveat(places: [Caveat.AllowedPath], nonce: [UInt8]) -> Caveat {
        var disallowed = Disallowed.fineGrained.subtracting(lifted)
        if !allowsDownload { disallowed.insert(.reads) }
        if !allowsUpload { disallowed.insert(.writes) }
        if !allowsList { disallowed.insert(.lists) }
        if !allowsDelete { disallowed.insert(.deletes) }
        if !allowsLock { disallowed.insert(.locks) }
        return Caveat(
            disallowed: disallowed, allowedPaths: places, notAfter: notAfter, notBefore: notBefore,
            maximumObjectTTL: maximumObjectTTL, nonce: nonce)
    }
}
