package import HTTPTypes

extension S3Operation {
    /// What a request asks for.
    ///
    /// - Throws: `NotImplemented` for what S3 has and we do not, `MethodNotAllowed` for what it does not have; `NoSuchKey`
    ///   for an object's torrent.
    package static func named(
        _ method: HTTPRequest.Method, _ target: S3Target, _ query: QueryItems, _ headers: HTTPFields
    ) throws(S3Error) -> S3Operation {
        if method == .options { return .preflight }
        if method == .get, target.key != nil, query.contains("torrent") {
            // Nor has S3 any longer: there is none of any object.
            throw S3Error(.noSuchKey, "There is no torrent of this object")
        }
        if let name = unsupported.first(where: { query.contains($0) }) {
            throw S3Error(.notImplemented, "?\(name) is not supported by this gateway")
        }
        guard target.bucket != nil else {
            guard method == .get || method == .head else { throw S3Error(.methodNotAllowed) }
            return .listBuckets
        }
        let operation =
            target.key == nil
            ? try ofBucket(method, query, headers) : try ofObject(method, query, headers)
        guard let operation else { throw S3Error(.methodNotAllowed) }
        return operation
    }

    /// Subresources that S3 has and this gateway does not.
    static let unsupported = [
        "accelerate", "analytics", "intelligent-tiering", "inventory", "logging", "metrics", "replication", "restore", "select",
        "torrent", "append", "metadataTable", "metadataConfiguration", "session", "renameObject", "encryptionConfiguration",
    ]

    private static func ofBucket(
        _ method: HTTPRequest.Method, _ query: QueryItems, _ headers: HTTPFields
    ) throws(S3Error) -> S3Operation? {
        if let documents = bucketDocuments.first(where: { query.contains($0.name) }) {
            switch method {
            case .get, .head: return documents.get
            case .put: return documents.put
            case .delete: return documents.delete
            case .post where documents.name == "delete": return .deleteObjects
            default: return nil
            }
        }
        switch method {
        case .get: return query["list-type"] == "2" ? .listObjectsV2 : .listObjects
        case .head: return .headBucket
        case .put: return .createBucket
        case .delete: return .deleteBucket
        case .post:
            if query.contains("delete") { return .deleteObjects }
            return isForm(headers) ? .postObject : nil
        default: return nil
        }
    }

    private static func ofObject(
        _ method: HTTPRequest.Method, _ query: QueryItems, _ headers: HTTPFields
    ) throws(S3Error) -> S3Operation? {
        let isCopy = headers[AmazonHeader.copySource] != nil
        if let documents = objectDocuments.first(where: { query.contains($0.name) }) {
            switch method {
            case .get, .head: return documents.get
            case .put: return documents.put
            case .delete: return documents.delete
            default: return nil
            }
        }
        switch method {
        case .get: return query.contains("uploadId") ? .listParts : .getObject
        case .head: return .headObject
        case .put:
            if query.contains("uploadId") || query.contains("partNumber") { return isCopy ? .uploadPartCopy : .uploadPart }
            return isCopy ? .copyObject : .putObject
        case .delete: return query.contains("uploadId") ? .abortMultipartUpload : .deleteObject
        case .post:
            if query.contains("uploads") { return .createMultipartUpload }
            return query.contains("uploadId") ? .completeMultipartUpload : nil
        default: return nil
        }
    }

    private static func isForm(_ headers: HTTPFields) -> Bool {
        headers[.contentType]?.lowercased().hasPrefix("multipart/form-data") ?? false
    }

    /// A subresource and what the verbs do with it.
    private struct Documents: Sendable {
        let name: String
        var get: S3Operation?
        var put: S3Operation?
        var delete: S3Operation?
    }

    private static let bucketDocuments = [
        Documents(name: "delete"),
        Documents(name: "location", get: .getBucketLocation),
        Documents(name: "versioning", get: .getBucketVersioning, put: .putBucketVersioning),
        Documents(name: "object-lock", get: .getObjectLockConfiguration, put: .putObjectLockConfiguration),
        Documents(name: "policy", get: .getBucketPolicy, put: .putBucketPolicy, delete: .deleteBucketPolicy),
        Documents(name: "policyStatus", get: .getBucketPolicyStatus),
        Documents(
            name: "publicAccessBlock", get: .getPublicAccessBlock, put: .putPublicAccessBlock,
            delete: .deletePublicAccessBlock),
        Documents(name: "acl", get: .getBucketAcl, put: .putBucketAcl),
        Documents(
            name: "ownershipControls", get: .getBucketOwnershipControls, put: .putBucketOwnershipControls,
            delete: .deleteBucketOwnershipControls),
        Documents(name: "cors", get: .getBucketCors, put: .putBucketCors, delete: .deleteBucketCors),
        Documents(
            name: "lifecycle", get: .getBucketLifecycle, put: .putBucketLifecycle, delete: .deleteBucketLifecycle),
        Documents(name: "website", get: .getBucketWebsite, put: .putBucketWebsite, delete: .deleteBucketWebsite),
        Documents(name: "notification", get: .getBucketNotification, put: .putBucketNotification),
        Documents(name: "tagging", get: .getBucketTagging, put: .putBucketTagging, delete: .deleteBucketTagging),
        Documents(
            name: "encryption", get: .getBucketEncryption, put: .putBucketEncryption, delete: .deleteBucketEncryption),
        Documents(name: "requestPayment", get: .getBucketRequestPayment, put: .putBucketRequestPayment),
        Documents(name: "versions", get: .listObjectVersions),
        Documents(name: "uploads", get: .listMultipartUploads),
    ]

    private static let objectDocuments = [
        Documents(name: "acl", get: .getObjectAcl, put: .putObjectAcl),
        Documents(
            name: "tagging", get: .getObjectTagging, put: .putObjectTagging, delete: .deleteObjectTagging),
        Documents(name: "retention", get: .getObjectRetention, put: .putObjectRetention),
        Documents(name: "legal-hold", get: .getObjectLegalHold, put: .putObjectLegalHold),
        Documents(name: "attributes", get: .getObjectAttributes),
    ]
}
