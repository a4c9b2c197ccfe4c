package import GatewayRecords
package import S3Protocol

/// What a bucket's owner wrote about it, parsed.
package struct BucketProperties: Sendable {
    /// The documents as they are answered.
    package let documents: [BucketDocumentKind: [UInt8]]
    package let policy: BucketPolicy?
    package let publicAccess: PublicAccessBlock
    /// Nil: the owner everything, others nothing.
    package let accessControl: AccessControlPolicy?
    package let ownership: ObjectOwnership?
    package let cors: CORSConfiguration?
    package let lifecycle: LifecycleConfiguration?
    package let website: WebsiteConfiguration?
    package let notification: NotificationConfiguration?
    package let tags: TagSet
    /// Whether its objects are said to be encrypted without a request asking for it.
    package let isEncryptedByDefault: Bool

    /// - Throws: `S3Error` for a document that cannot be read.
    package init(place: BucketPlace, documents: [BucketDocumentKind: [UInt8]]) throws(S3Error) {
        self.documents = documents
        func parsed<Value>(
            _ kind: BucketDocumentKind, _ parse: ([UInt8]) throws(S3Error) -> Value
        ) throws(S3Error) -> Value? {
            guard let document = documents[kind] else { return nil }
            return try parse(document)
        }
        policy = try parsed(.policy) { (json) throws(S3Error) in try BucketPolicy(json: json, bucket: place.bucket) }
        publicAccess = try parsed(.publicAccessBlock, PublicAccessBlock.init(xml:)) ?? PublicAccessBlock()
        accessControl = try parsed(.accessControl, AccessControlPolicy.init(xml:))
        ownership = try parsed(.ownershipControls, ObjectOwnership.init(xml:))
        cors = try parsed(.cors, CORSConfiguration.init(xml:))
        lifecycle = try parsed(.lifecycle) { (xml) throws(S3Error) in
            try LifecycleConfiguration(xml: xml, makeID: { "" })
        }
        website = try parsed(.website, WebsiteConfiguration.init(xml:))
        notification = try parsed(.notification) { (xml) throws(S3Error) in
            try NotificationConfiguration(xml: xml, makeID: { "" })
        }
        tags = try parsed(.tagging) { (xml) throws(S3Error) in
            try TagSet(xml: xml, maximum: TagSet.maximumOfBucket)
        } ?? .empty
        isEncryptedByDefault = documents[.encryption] != nil
    }

    /// The bucket's list as it counts: the owner's alone where lists are switched off, without what is public where
    /// that is blocked.
    package func countingList(owner: String) -> AccessControlPolicy {
        let owned = AccessControlPolicy.owned(by: AccessOwner(id: owner))
        guard ownership != .bucketOwnerEnforced, let accessControl else { return owned }
        return publicAccess.ignorePublicAcls ? accessControl.withoutPublicGrants : accessControl
    }
}
