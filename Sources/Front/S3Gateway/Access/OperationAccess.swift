import S3Protocol

/// What somebody must be allowed to do for an operation to be done for him.
struct OperationAccess: Sendable {
    /// What an operation is about.
    enum Subject: Sendable { case service, bucket, object }

    /// Which access control list can let somebody in who is not the bucket's owner.
    enum List: Sendable {
        case bucket(AccessPermission)
        case object(AccessPermission)
        /// None: only a policy can.
        case none
    }

    /// The policy action, `s3:GetObject`.
    let action: String
    /// The policy action when a version is named.
    let versionAction: String?
    let subject: Subject
    let list: List

    /// The policy action for a version, or for the newest.
    func action(version: String?) -> String { version == nil ? action : versionAction ?? action }

    private init(_ action: String, _ subject: Subject, _ list: List = .none, version: String? = nil) {
        self.action = "s3:" + action
        versionAction = version.map { "s3:" + $0 }
        self.subject = subject
        self.list = list
    }

    /// Nil for what needs nothing but an account of one's own, or decides by itself.
    ///
    /// - Source: Amazon S3 user guide, "Required permissions for Amazon S3 API operations", "Mapping of ACL permissions
    ///   and access policy permissions".
    init?(_ operation: S3Operation) {
        switch operation {
        // A form's key, and the keys of many objects, are asked for one by one when they are known.
        case .listBuckets, .createBucket, .postObject, .deleteObjects, .preflight: return nil
        default: break
        }
        guard let access = Self.ofObject(operation) ?? Self.ofContent(operation) ?? Self.ofBucket(operation) else {
            // What is not supported is refused by name; who may ask does not matter.
            self.init(operation.rawValue, .bucket)
            return
        }
        self = access
    }

    private static func ofObject(_ operation: S3Operation) -> OperationAccess? {
        switch operation {
        case .getObject, .headObject, .getObjectAttributes:
            .init("GetObject", .object, .object(.read), version: "GetObjectVersion")
        case .getObjectAcl: .init("GetObjectAcl", .object, .object(.readACP), version: "GetObjectVersionAcl")
        case .putObjectAcl: .init("PutObjectAcl", .object, .object(.writeACP), version: "PutObjectVersionAcl")
        case .getObjectTagging: .init("GetObjectTagging", .object, version: "GetObjectVersionTagging")
        case .putObjectTagging: .init("PutObjectTagging", .object, version: "PutObjectVersionTagging")
        case .deleteObjectTagging: .init("DeleteObjectTagging", .object, version: "DeleteObjectVersionTagging")
        case .getObjectRetention: .init("GetObjectRetention", .object)
        case .putObjectRetention: .init("PutObjectRetention", .object)
        case .getObjectLegalHold: .init("GetObjectLegalHold", .object)
        case .putObjectLegalHold: .init("PutObjectLegalHold", .object)
        case .putObject, .copyObject, .createMultipartUpload, .uploadPart, .uploadPartCopy, .completeMultipartUpload:
            .init("PutObject", .object, .bucket(.write))
        case .abortMultipartUpload: .init("AbortMultipartUpload", .object, .bucket(.write))
        case .listParts: .init("ListMultipartUploadParts", .object, .bucket(.write))
        case .deleteObject: .init("DeleteObject", .object, .bucket(.write), version: "DeleteObjectVersion")
        default: nil
        }
    }

    private static func ofContent(_ operation: S3Operation) -> OperationAccess? {
        switch operation {
        case .listObjects, .listObjectsV2, .headBucket: .init("ListBucket", .bucket, .bucket(.read))
        case .listObjectVersions: .init("ListBucketVersions", .bucket, .bucket(.read))
        case .listMultipartUploads: .init("ListBucketMultipartUploads", .bucket, .bucket(.read))
        case .getBucketAcl: .init("GetBucketAcl", .bucket, .bucket(.readACP))
        case .putBucketAcl: .init("PutBucketAcl", .bucket, .bucket(.writeACP))
        default: nil
        }
    }

    private static func ofBucket(_ operation: S3Operation) -> OperationAccess? {
        switch operation {
        case .deleteBucket: .init("DeleteBucket", .bucket)
        case .getBucketLocation: .init("GetBucketLocation", .bucket)
        case .getBucketVersioning: .init("GetBucketVersioning", .bucket)
        case .putBucketVersioning: .init("PutBucketVersioning", .bucket)
        case .getObjectLockConfiguration: .init("GetBucketObjectLockConfiguration", .bucket)
        case .putObjectLockConfiguration: .init("PutBucketObjectLockConfiguration", .bucket)
        case .getBucketPolicy: .init("GetBucketPolicy", .bucket)
        case .putBucketPolicy: .init("PutBucketPolicy", .bucket)
        case .deleteBucketPolicy: .init("DeleteBucketPolicy", .bucket)
        case .getBucketPolicyStatus: .init("GetBucketPolicyStatus", .bucket)
        case .getPublicAccessBlock: .init("GetBucketPublicAccessBlock", .bucket)
        case .putPublicAccessBlock, .deletePublicAccessBlock: .init("PutBucketPublicAccessBlock", .bucket)
        case .getBucketOwnershipControls: .init("GetBucketOwnershipControls", .bucket)
        case .putBucketOwnershipControls, .deleteBucketOwnershipControls: .init("PutBucketOwnershipControls", .bucket)
        case .getBucketCors: .init("GetBucketCORS", .bucket)
        case .putBucketCors, .deleteBucketCors: .init("PutBucketCORS", .bucket)
        case .getBucketLifecycle: .init("GetLifecycleConfiguration", .bucket)
        case .putBucketLifecycle, .deleteBucketLifecycle: .init("PutLifecycleConfiguration", .bucket)
        case .getBucketWebsite: .init("GetBucketWebsite", .bucket)
        case .putBucketWebsite: .init("PutBucketWebsite", .bucket)
        case .deleteBucketWebsite: .init("DeleteBucketWebsite", .bucket)
        case .getBucketNotification: .init("GetBucketNotification", .bucket)
        case .putBucketNotification: .init("PutBucketNotification", .bucket)
        case .getBucketTagging: .init("GetBucketTagging", .bucket)
        case .putBucketTagging, .deleteBucketTagging: .init("PutBucketTagging", .bucket)
        case .getBucketEncryption: .init("GetEncryptionConfiguration", .bucket)
        case .putBucketEncryption, .deleteBucketEncryption: .init("PutEncryptionConfiguration", .bucket)
        case .getBucketRequestPayment: .init("GetBucketRequestPayment", .bucket)
        case .putBucketRequestPayment: .init("PutBucketRequestPayment", .bucket)
        default: nil
        }
    }
}
