import WireMessages

extension Metainfo_GetBucketRequest: BatchedRequest {
    var item: Metainfo_BatchRequestItem.OneOf_Request { .bucketGet(self) }

    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_GetBucketResponse? {
        if case .bucketGet(let answer) = item { answer } else { nil }
    }
}

extension Metainfo_BeginObjectRequest: BatchedRequest {
    var item: Metainfo_BatchRequestItem.OneOf_Request { .objectBegin(self) }

    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_BeginObjectResponse? {
        if case .objectBegin(let answer) = item { answer } else { nil }
    }
}

extension Metainfo_CommitObjectRequest: BatchedRequest {
    var item: Metainfo_BatchRequestItem.OneOf_Request { .objectCommit(self) }

    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_CommitObjectResponse? {
        if case .objectCommit(let answer) = item { answer } else { nil }
    }
}

extension Metainfo_GetObjectRequest: BatchedRequest {
    var item: Metainfo_BatchRequestItem.OneOf_Request { .objectGet(self) }

    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_GetObjectResponse? {
        if case .objectGet(let answer) = item { answer } else { nil }
    }
}

extension Metainfo_ListObjectsRequest: BatchedRequest {
    var item: Metainfo_BatchRequestItem.OneOf_Request { .objectList(self) }

    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_ListObjectsResponse? {
        if case .objectList(let answer) = item { answer } else { nil }
    }
}

extension Metainfo_BeginDeleteObjectRequest: BatchedRequest {
    var item: Metainfo_BatchRequestItem.OneOf_Request { .objectBeginDelete(self) }

    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_BeginDeleteObjectResponse? {
        if case .objectBeginDelete(let answer) = item { answer } else { nil }
    }
}

extension Metainfo_DownloadObjectRequest: BatchedRequest {
    var item: Metainfo_BatchRequestItem.OneOf_Request { .objectDownload(self) }

    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_DownloadObjectResponse? {
        if case .objectDownload(let answer) = item { answer } else { nil }
    }
}

extension Metainfo_BeginSegmentRequest: BatchedRequest {
    var item: Metainfo_BatchRequestItem.OneOf_Request { .segmentBegin(self) }

    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_BeginSegmentResponse? {
        if case .segmentBegin(let answer) = item { answer } else { nil }
    }
}

extension Metainfo_RetryBeginSegmentPiecesRequest: BatchedRequest {
    var item: Metainfo_BatchRequestItem.OneOf_Request { .segmentBeginRetryPieces(self) }

    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_RetryBeginSegmentPiecesResponse?
    {
        if case .segmentBeginRetryPieces(let answer) = item { answer } else { nil }
    }
}

extension Metainfo_CommitSegmentRequest: BatchedRequest {
    var item: Metainfo_BatchRequestItem.OneOf_Request { .segmentCommit(self) }

    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_CommitSegmentResponse? {
        if case .segmentCommit(let answer) = item { answer } else { nil }
    }
}

extension Metainfo_MakeInlineSegmentRequest: BatchedRequest {
    var item: Metainfo_BatchRequestItem.OneOf_Request { .segmentMakeInline(self) }

    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_MakeInlineSegmentResponse? {
        if case .segmentMakeInline(let answer) = item { answer } else { nil }
    }
}

extension Metainfo_DownloadSegmentRequest: BatchedRequest {
    var item: Metainfo_BatchRequestItem.OneOf_Request { .segmentDownload(self) }

    static func answer(in item: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_DownloadSegmentResponse? {
        if case .segmentDownload(let answer) = item { answer } else { nil }
    }
}
