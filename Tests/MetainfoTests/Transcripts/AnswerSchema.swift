/// What a test has to know of an answer's field to compare a recording with ours.
enum FieldKind: Sendable {
    /// Equal in both.
    case same
    /// Set in both or in neither; Go writes unset times and nonces in forms that count as unset.
    case present
    /// Like `present`, and the recorded value stands for ours in later requests.
    case token
    /// A message, compared field by field.
    case message(String)
    /// A message that Go writes even when nothing is in it, and that we may leave out then.
    case optionalMessage(String)
    /// The limits of a download: as many entries and as many of them filled, whichever they are.
    case downloadLimits
}

/// The messages of answers, by name, with the fields that are not simply equal.
enum AnswerSchema {
    static func kind(of field: UInt64, in message: String) -> FieldKind { messages[message]?[field] ?? .same }

    /// The answer's message of a method, as named in the path or in a batch.
    static func message(method: String) -> String { "\(method)Response" }

    private static let object: [UInt64: FieldKind] = [1: .message("Object")]
    private static let bucket: [UInt64: FieldKind] = [1: .message("Bucket")]
    private static let listing: [UInt64: FieldKind] = [1: .message("ObjectListItem")]
    private static let keys: [UInt64: FieldKind] = [
        1: .token, 2: .present, 4: .message("EncryptedKeyAndNonce"),
    ]

    private static let messages: [String: [UInt64: FieldKind]] = [
        "CreateBucketResponse": bucket, "GetBucketResponse": bucket, "DeleteBucketResponse": bucket,
        "Bucket": [3: .present],
        "ListBucketsResponse": [1: .message("BucketListItem")],
        "BucketListItem": [2: .present],
        "BeginObjectResponse": [4: .token],
        "CommitObjectResponse": object, "GetObjectResponse": object, "FinishCopyObjectResponse": object,
        "Object": [
            5: .token, 6: .present, 8: .present, 9: .present, 10: .message("StreamMeta"), 19: .token,
            21: .optionalMessage("BoolValue"),
        ],
        "StreamMeta": [4: .message("SegmentMeta")],
        "SegmentMeta": [2: .present],
        "DownloadObjectResponse": [
            1: .message("Object"), 2: .message("ListSegmentsResponse"), 3: .message("DownloadSegmentResponse"),
        ],
        "ListObjectsResponse": listing, "ListPendingObjectStreamsResponse": listing,
        "ObjectListItem": [
            4: .present, 6: .present, 7: .present, 8: .message("StreamMeta"), 9: .token, 12: .token,
        ],
        "BeginDeleteObjectResponse": [1: .present, 2: .message("Object")],
        "DeleteObjectsResponse": [1: .message("DeleteObjectsItem")],
        "DeleteObjectsItem": [2: .token, 3: .message("DeleteObjectsInfo"), 4: .message("DeleteObjectsInfo")],
        "DeleteObjectsInfo": [1: .token],
        "BeginSegmentResponse": [1: .token, 2: .message("AddressedOrderLimit"), 3: .present],
        "RetryBeginSegmentPiecesResponse": [1: .token, 2: .message("AddressedOrderLimit")],
        "AddressedOrderLimit": [1: .message("OrderLimit"), 2: .present],
        "OrderLimit": [
            1: .present, 2: .present, 4: .present, 5: .present, 8: .present, 9: .present, 10: .present, 12: .present,
            13: .present, 14: .present, 15: .present,
        ],
        "ListSegmentsResponse": [1: .message("SegmentListItem")],
        "SegmentListItem": [3: .present, 6: .present],
        "DownloadSegmentResponse": [1: .present, 2: .downloadLimits, 3: .present, 6: .present],
        "BeginMoveObjectResponse": keys, "BeginCopyObjectResponse": keys,
        "EncryptedKeyAndNonce": [2: .present],
        "ProjectInfoResponse": [2: .present, 4: .present],
        "GetObjectIPsResponse": [1: .present],
    ]

    /// The method of a batch's oneof member.
    static func method(batchItem name: String) -> String { batchItems[name] ?? name }

    private static let batchItems = [
        "bucket_create": "CreateBucket", "bucket_get": "GetBucket", "bucket_delete": "DeleteBucket",
        "bucket_list": "ListBuckets", "object_begin": "BeginObject", "object_commit": "CommitObject",
        "object_get": "GetObject", "object_list": "ListObjects", "object_begin_delete": "BeginDeleteObject",
        "segment_begin": "BeginSegment", "segment_commit": "CommitSegment", "segment_make_inline": "MakeInlineSegment",
        "segment_list": "ListSegments", "segment_download": "DownloadSegment", "object_download": "DownloadObject",
        "segment_begin_retry_pieces": "RetryBeginSegmentPieces",
    ]
}
