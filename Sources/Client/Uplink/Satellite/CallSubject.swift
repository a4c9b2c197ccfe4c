/// What a call is about: decides what a status code means and what an error says.
package struct CallSubject: Hashable, Sendable {
    /// What is asked of the satellite.
    package enum Operation: String, Hashable, Sendable, CaseIterable {
        case createBucket = "create"
        case getBucket = "look up"
        case deleteBucket = "delete bucket"
        case listBuckets = "list buckets"
        case getBucketProperty = "read the configuration of"
        case setBucketProperty = "change the configuration of"
        case listObjects = "list"
        case listUploads = "list uploads of"
        case getObject = "look up object"
        case deleteObject = "delete"
        case deleteObjects = "delete objects of"
        case copyObject = "copy"
        case moveObject = "move"
        case updateMetadata = "change the metadata of"
        case getObjectLock = "read the lock of"
        case setObjectLock = "change the lock of"
        case getPlacement = "find the nodes of"
        case getHealth = "ask for the health of"
        case downloadObject = "download"
        case downloadSegment = "download a segment of"
        case beginObject = "upload"
        case beginSegment = "upload a segment of"
        case commitSegment = "commit a segment of"
        case commitObject = "commit"
        case beginUpload = "begin an upload of"
        case uploadPart = "upload a part of"
        case commitUpload = "commit the upload of"
        case abortUpload = "abort the upload of"
        case listParts = "list the parts of"
        case projectInfo = "read the project's facts"
        case revokeAccess = "revoke the access grant"
    }

    /// What is asked.
    var operation: Operation
    /// The bucket it is asked of.
    var bucket: String?
    /// The object it is asked of.
    var key: String?

    /// A subject.
    package init(_ operation: Operation, bucket: String? = nil, key: String? = nil) {
        self.operation = operation
        self.bucket = bucket
        self.key = key
    }

    /// The object or bucket, for messages.
    var name: String {
        switch (bucket, key) {
        case (let bucket?, let key?): "\"\(key)\" in bucket \"\(bucket)\""
        case (let bucket?, nil): "bucket \"\(bucket)\""
        case (nil, _): ""
        }
    }

    /// What was attempted, for messages: `delete "a" in bucket "b"`.
    var attempt: String {
        switch operation {
        case .deleteBucket: "delete \(name)"
        case .getObject: "look up \(name)"
        default: name.isEmpty ? operation.rawValue : "\(operation.rawValue) \(name)"
        }
    }

    /// Whether the call changes nothing, so that it can be repeated when its answer was lost.
    var isRead: Bool {
        switch operation {
        case .getBucket, .listBuckets, .getBucketProperty, .listObjects, .listUploads, .getObject, .getObjectLock,
            .getPlacement, .getHealth, .downloadObject, .downloadSegment, .listParts, .projectInfo:
            true
        case .createBucket, .deleteBucket, .setBucketProperty, .deleteObject, .deleteObjects, .copyObject,
            .moveObject, .updateMetadata, .setObjectLock, .beginObject, .beginSegment, .commitSegment, .commitObject,
            .beginUpload, .uploadPart, .commitUpload, .abortUpload, .revokeAccess:
            false
        }
    }
}
