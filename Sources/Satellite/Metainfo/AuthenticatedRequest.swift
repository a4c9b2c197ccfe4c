import WireMessages

/// A request that says who sends it.
protocol AuthenticatedRequest: WireMessage {
    var hasHeader: Bool { get }
    var header: Metainfo_RequestHeader { get }
}

extension AuthenticatedRequest {
    /// The header, or nil when the request has none: a malformed request, not an anonymous one.
    var presentHeader: Metainfo_RequestHeader? { hasHeader ? header : nil }
}

extension Metainfo_CreateBucketRequest: AuthenticatedRequest {}
extension Metainfo_GetBucketRequest: AuthenticatedRequest {}
extension Metainfo_DeleteBucketRequest: AuthenticatedRequest {}
extension Metainfo_ListBucketsRequest: AuthenticatedRequest {}
extension Metainfo_GetBucketLocationRequest: AuthenticatedRequest {}
extension Metainfo_GetBucketTaggingRequest: AuthenticatedRequest {}
extension Metainfo_SetBucketTaggingRequest: AuthenticatedRequest {}
extension Metainfo_GetBucketVersioningRequest: AuthenticatedRequest {}
extension Metainfo_SetBucketVersioningRequest: AuthenticatedRequest {}
extension Metainfo_GetBucketObjectLockConfigurationRequest: AuthenticatedRequest {}
extension Metainfo_SetBucketObjectLockConfigurationRequest: AuthenticatedRequest {}
extension Metainfo_GetBucketNotificationConfigurationRequest: AuthenticatedRequest {}
extension Metainfo_SetBucketNotificationConfigurationRequest: AuthenticatedRequest {}
extension Metainfo_BeginObjectRequest: AuthenticatedRequest {}
extension Metainfo_CommitObjectRequest: AuthenticatedRequest {}
extension Metainfo_GetObjectRequest: AuthenticatedRequest {}
extension Metainfo_ListObjectsRequest: AuthenticatedRequest {}
extension Metainfo_BeginDeleteObjectRequest: AuthenticatedRequest {}
extension Metainfo_DeleteObjectsRequest: AuthenticatedRequest {}
extension Metainfo_GetObjectIPsRequest: AuthenticatedRequest {}
extension Metainfo_ListPendingObjectStreamsRequest: AuthenticatedRequest {}
extension Metainfo_DownloadObjectRequest: AuthenticatedRequest {}
extension Metainfo_GetPendingObjectMetadataRequest: AuthenticatedRequest {}
extension Metainfo_UpdateObjectMetadataRequest: AuthenticatedRequest {}
extension Metainfo_GetObjectRetentionRequest: AuthenticatedRequest {}
extension Metainfo_SetObjectRetentionRequest: AuthenticatedRequest {}
extension Metainfo_GetObjectLegalHoldRequest: AuthenticatedRequest {}
extension Metainfo_SetObjectLegalHoldRequest: AuthenticatedRequest {}
extension Metainfo_BeginSegmentRequest: AuthenticatedRequest {}
extension Metainfo_RetryBeginSegmentPiecesRequest: AuthenticatedRequest {}
extension Metainfo_CommitSegmentRequest: AuthenticatedRequest {}
extension Metainfo_MakeInlineSegmentRequest: AuthenticatedRequest {}
extension Metainfo_ListSegmentsRequest: AuthenticatedRequest {}
extension Metainfo_DownloadSegmentRequest: AuthenticatedRequest {}
extension Metainfo_ProjectInfoRequest: AuthenticatedRequest {}
extension Metainfo_RevokeAPIKeyRequest: AuthenticatedRequest {}
extension Metainfo_AccountLicensesRequest: AuthenticatedRequest {}
extension Metainfo_BeginMoveObjectRequest: AuthenticatedRequest {}
extension Metainfo_FinishMoveObjectRequest: AuthenticatedRequest {}
extension Metainfo_BeginCopyObjectRequest: AuthenticatedRequest {}
extension Metainfo_FinishCopyObjectRequest: AuthenticatedRequest {}
extension Health_ObjectHealthRequest: AuthenticatedRequest {}
