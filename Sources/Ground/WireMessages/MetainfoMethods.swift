/// What clients ask a satellite about buckets, objects and segments.
///
/// - Source: protocol document 2 §1.1. All methods take one message and give one.
package enum MetainfoMethods {
    package static let createBucket = RPCMethod<Metainfo_CreateBucketRequest, Metainfo_CreateBucketResponse>(
        path: "/metainfo.Metainfo/CreateBucket")
    package static let getBucket = RPCMethod<Metainfo_GetBucketRequest, Metainfo_GetBucketResponse>(
        path: "/metainfo.Metainfo/GetBucket")
    package static let deleteBucket = RPCMethod<Metainfo_DeleteBucketRequest, Metainfo_DeleteBucketResponse>(
        path: "/metainfo.Metainfo/DeleteBucket")
    package static let listBuckets = RPCMethod<Metainfo_ListBucketsRequest, Metainfo_ListBucketsResponse>(
        path: "/metainfo.Metainfo/ListBuckets")
    package static let getBucketLocation = RPCMethod<
        Metainfo_GetBucketLocationRequest, Metainfo_GetBucketLocationResponse
    >(path: "/metainfo.Metainfo/GetBucketLocation")
    package static let getBucketTagging = RPCMethod<
        Metainfo_GetBucketTaggingRequest, Metainfo_GetBucketTaggingResponse
    >(path: "/metainfo.Metainfo/GetBucketTagging")
    package static let setBucketTagging = RPCMethod<
        Metainfo_SetBucketTaggingRequest, Metainfo_SetBucketTaggingResponse
    >(path: "/metainfo.Metainfo/SetBucketTagging")
    package static let getBucketVersioning = RPCMethod<
        Metainfo_GetBucketVersioningRequest, Metainfo_GetBucketVersioningResponse
    >(path: "/metainfo.Metainfo/GetBucketVersioning")
    package static let setBucketVersioning = RPCMethod<
        Metainfo_SetBucketVersioningRequest, Metainfo_SetBucketVersioningResponse
    >(path: "/metainfo.Metainfo/SetBucketVersioning")
    package static let getBucketObjectLockConfiguration = RPCMethod<
        Metainfo_GetBucketObjectLockConfigurationRequest, Metainfo_GetBucketObjectLockConfigurationResponse
    >(path: "/metainfo.Metainfo/GetBucketObjectLockConfiguration")
    package static let setBucketObjectLockConfiguration = RPCMethod<
        Metainfo_SetBucketObjectLockConfigurationRequest, Metainfo_SetBucketObjectLockConfigurationResponse
    >(path: "/metainfo.Metainfo/SetBucketObjectLockConfiguration")
    package static let getBucketNotificationConfiguration = RPCMethod<
        Metainfo_GetBucketNotificationConfigurationRequest, Metainfo_GetBucketNotificationConfigurationResponse
    >(path: "/metainfo.Metainfo/GetBucketNotificationConfiguration")
    package static let setBucketNotificationConfiguration = RPCMethod<
        Metainfo_SetBucketNotificationConfigurationRequest, Metainfo_SetBucketNotificationConfigurationResponse
    >(path: "/metainfo.Metainfo/SetBucketNotificationConfiguration")
    package static let beginObject = RPCMethod<Metainfo_BeginObjectRequest, Metainfo_BeginObjectResponse>(
        path: "/metainfo.Metainfo/BeginObject")
    package static let commitObject = RPCMethod<Metainfo_CommitObjectRequest, Metainfo_CommitObjectResponse>(
        path: "/metainfo.Metainfo/CommitObject")
    package static let getObject = RPCMethod<Metainfo_GetObjectRequest, Metainfo_GetObjectResponse>(
        path: "/metainfo.Metainfo/GetObject")
    package static let listObjects = RPCMethod<Metainfo_ListObjectsRequest, Metainfo_ListObjectsResponse>(
        path: "/metainfo.Metainfo/ListObjects")
    package static let beginDeleteObject = RPCMethod<
        Metainfo_BeginDeleteObjectRequest, Metainfo_BeginDeleteObjectResponse
    >(path: "/metainfo.Metainfo/BeginDeleteObject")
    package static let finishDeleteObject = RPCMethod<
        Metainfo_FinishDeleteObjectRequest, Metainfo_FinishDeleteObjectResponse
    >(path: "/metainfo.Metainfo/FinishDeleteObject")
    package static let deleteObjects = RPCMethod<Metainfo_DeleteObjectsRequest, Metainfo_DeleteObjectsResponse>(
        path: "/metainfo.Metainfo/DeleteObjects")
    package static let getObjectIPs = RPCMethod<Metainfo_GetObjectIPsRequest, Metainfo_GetObjectIPsResponse>(
        path: "/metainfo.Metainfo/GetObjectIPs")
    package static let listPendingObjectStreams = RPCMethod<
        Metainfo_ListPendingObjectStreamsRequest, Metainfo_ListPendingObjectStreamsResponse
    >(path: "/metainfo.Metainfo/ListPendingObjectStreams")
    package static let downloadObject = RPCMethod<Metainfo_DownloadObjectRequest, Metainfo_DownloadObjectResponse>(
        path: "/metainfo.Metainfo/DownloadObject")
    package static let getPendingObjectMetadata = RPCMethod<
        Metainfo_GetPendingObjectMetadataRequest, Metainfo_GetPendingObjectMetadataResponse
    >(path: "/metainfo.Metainfo/GetPendingObjectMetadata")
    package static let updateObjectMetadata = RPCMethod<
        Metainfo_UpdateObjectMetadataRequest, Metainfo_UpdateObjectMetadataResponse
    >(path: "/metainfo.Metainfo/UpdateObjectMetadata")
    package static let getObjectRetention = RPCMethod<
        Metainfo_GetObjectRetentionRequest, Metainfo_GetObjectRetentionResponse
    >(path: "/metainfo.Metainfo/GetObjectRetention")
    package static let setObjectRetention = RPCMethod<
        Metainfo_SetObjectRetentionRequest, Metainfo_SetObjectRetentionResponse
    >(path: "/metainfo.Metainfo/SetObjectRetention")
    package static let getObjectLegalHold = RPCMethod<
        Metainfo_GetObjectLegalHoldRequest, Metainfo_GetObjectLegalHoldResponse
    >(path: "/metainfo.Metainfo/GetObjectLegalHold")
    package static let setObjectLegalHold = RPCMethod<
        Metainfo_SetObjectLegalHoldRequest, Metainfo_SetObjectLegalHoldResponse
    >(path: "/metainfo.Metainfo/SetObjectLegalHold")
    package static let beginSegment = RPCMethod<Metainfo_BeginSegmentRequest, Metainfo_BeginSegmentResponse>(
        path: "/metainfo.Metainfo/BeginSegment")
    package static let retryBeginSegmentPieces = RPCMethod<
        Metainfo_RetryBeginSegmentPiecesRequest, Metainfo_RetryBeginSegmentPiecesResponse
    >(path: "/metainfo.Metainfo/RetryBeginSegmentPieces")
    package static let commitSegment = RPCMethod<Metainfo_CommitSegmentRequest, Metainfo_CommitSegmentResponse>(
        path: "/metainfo.Metainfo/CommitSegment")
    package static let makeInlineSegment = RPCMethod<
        Metainfo_MakeInlineSegmentRequest, Metainfo_MakeInlineSegmentResponse
    >(path: "/metainfo.Metainfo/MakeInlineSegment")
    package static let beginDeleteSegment = RPCMethod<
        Metainfo_BeginDeleteSegmentRequest, Metainfo_BeginDeleteSegmentResponse
    >(path: "/metainfo.Metainfo/BeginDeleteSegment")
    package static let finishDeleteSegment = RPCMethod<
        Metainfo_FinishDeleteSegmentRequest, Metainfo_FinishDeleteSegmentResponse
    >(path: "/metainfo.Metainfo/FinishDeleteSegment")
    package static let listSegments = RPCMethod<Metainfo_ListSegmentsRequest, Metainfo_ListSegmentsResponse>(
        path: "/metainfo.Metainfo/ListSegments")
    package static let downloadSegment = RPCMethod<Metainfo_DownloadSegmentRequest, Metainfo_DownloadSegmentResponse>(
        path: "/metainfo.Metainfo/DownloadSegment")
    package static let deletePart = RPCMethod<Metainfo_DeletePartRequest, Metainfo_DeletePartResponse>(
        path: "/metainfo.Metainfo/DeletePart")
    package static let batch = RPCMethod<Metainfo_BatchRequest, Metainfo_BatchResponse>(
        path: "/metainfo.Metainfo/Batch")
    package static let compressedBatch = RPCMethod<Metainfo_CompressedBatchRequest, Metainfo_CompressedBatchResponse>(
        path: "/metainfo.Metainfo/CompressedBatch")
    package static let projectInfo = RPCMethod<Metainfo_ProjectInfoRequest, Metainfo_ProjectInfoResponse>(
        path: "/metainfo.Metainfo/ProjectInfo")
    package static let revokeAPIKey = RPCMethod<Metainfo_RevokeAPIKeyRequest, Metainfo_RevokeAPIKeyResponse>(
        path: "/metainfo.Metainfo/RevokeAPIKey")
    package static let accountLicenses = RPCMethod<Metainfo_AccountLicensesRequest, Metainfo_AccountLicensesResponse>(
        path: "/metainfo.Metainfo/AccountLicenses")
    package static let beginMoveObject = RPCMethod<Metainfo_BeginMoveObjectRequest, Metainfo_BeginMoveObjectResponse>(
        path: "/metainfo.Metainfo/BeginMoveObject")
    package static let finishMoveObject = RPCMethod<
        Metainfo_FinishMoveObjectRequest, Metainfo_FinishMoveObjectResponse
    >(path: "/metainfo.Metainfo/FinishMoveObject")
    package static let beginCopyObject = RPCMethod<Metainfo_BeginCopyObjectRequest, Metainfo_BeginCopyObjectResponse>(
        path: "/metainfo.Metainfo/BeginCopyObject")
    package static let finishCopyObject = RPCMethod<
        Metainfo_FinishCopyObjectRequest, Metainfo_FinishCopyObjectResponse
    >(path: "/metainfo.Metainfo/FinishCopyObject")

    /// The names of all methods on the wire.
    package static let allPaths: [String] = [
        createBucket.path,
        getBucket.path,
        deleteBucket.path,
        listBuckets.path,
        getBucketLocation.path,
        getBucketTagging.path,
        setBucketTagging.path,
        getBucketVersioning.path,
        setBucketVersioning.path,
        getBucketObjectLockConfiguration.path,
        setBucketObjectLockConfiguration.path,
        getBucketNotificationConfiguration.path,
        setBucketNotificationConfiguration.path,
        beginObject.path,
        commitObject.path,
        getObject.path,
        listObjects.path,
        beginDeleteObject.path,
        finishDeleteObject.path,
        deleteObjects.path,
        getObjectIPs.path,
        listPendingObjectStreams.path,
        downloadObject.path,
        getPendingObjectMetadata.path,
        updateObjectMetadata.path,
        getObjectRetention.path,
        setObjectRetention.path,
        getObjectLegalHold.path,
        setObjectLegalHold.path,
        beginSegment.path,
        retryBeginSegmentPieces.path,
        commitSegment.path,
        makeInlineSegment.path,
        beginDeleteSegment.path,
        finishDeleteSegment.path,
        listSegments.path,
        downloadSegment.path,
        deletePart.path,
        batch.path,
        compressedBatch.path,
        projectInfo.path,
        revokeAPIKey.path,
        accountLicenses.path,
        beginMoveObject.path,
        finishMoveObject.path,
        beginCopyObject.path,
        finishCopyObject.path,
    ]
}
