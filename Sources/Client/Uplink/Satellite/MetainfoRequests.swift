import WireMessages

/// A request that says who asks.
protocol MetainfoRequest: WireMessage {
    /// API key and user agent; empty inside batches.
    var header: Metainfo_RequestHeader { get set }
}

/// A request that clients send inside a batch.
///
/// - Source: protocol document 2 §2.1.
protocol BatchedRequest: MetainfoRequest {
    /// What answers it.
    associatedtype Answer: Sendable
    /// The request as an item of a batch.
    var item: Metainfo_BatchRequestItem.OneOf_Request { get }
    /// The answer in an item; nil when the item is of another kind.
    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Answer?
}

extension Metainfo_CreateBucketRequest: MetainfoRequest {}
extension Metainfo_DeleteBucketRequest: MetainfoRequest {}
extension Metainfo_ListBucketsRequest: MetainfoRequest {}
extension Metainfo_GetBucketLocationRequest: MetainfoRequest {}
extension Metainfo_GetBucketTaggingRequest: MetainfoRequest {}
extension Metainfo_SetBucketTaggingRequest: MetainfoRequest {}
extension Metainfo_GetBucketVersioningRequest: MetainfoRequest {}
extension Metainfo_SetBucketVersioningRequest: MetainfoRequest {}
extension Metainfo_GetBucketObjectLockConfigurationRequest: MetainfoRequest {}
extension Metainfo_SetBucketObjectLockConfigurationRequest: MetainfoRequest {}
extension Metainfo_DeleteObjectsRequest: MetainfoRequest {}
extension Metainfo_GetObjectIPsRequest: MetainfoRequest {}
extension Metainfo_ListPendingObjectStreamsRequest: MetainfoRequest {}
extension Metainfo_GetPendingObjectMetadataRequest: MetainfoRequest {}
extension Metainfo_UpdateObjectMetadataRequest: MetainfoRequest {}
extension Metainfo_GetObjectRetentionRequest: MetainfoRequest {}
extension Metainfo_SetObjectRetentionRequest: MetainfoRequest {}
extension Metainfo_GetObjectLegalHoldRequest: MetainfoRequest {}
extension Metainfo_SetObjectLegalHoldRequest: MetainfoRequest {}
extension Metainfo_ListSegmentsRequest: MetainfoRequest {}
extension Metainfo_BeginMoveObjectRequest: MetainfoRequest {}
extension Metainfo_FinishMoveObjectRequest: MetainfoRequest {}
extension Metainfo_BeginCopyObjectRequest: MetainfoRequest {}
extension Metainfo_FinishCopyObjectRequest: MetainfoRequest {}
extension Metainfo_ProjectInfoRequest: MetainfoRequest {}
extension Metainfo_RevokeAPIKeyRequest: MetainfoRequest {}
extension Health_ObjectHealthRequest: MetainfoRequest {}
