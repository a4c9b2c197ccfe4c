import Foundation
import WireMessages

/// One batch on its way: items in order, each with the tokens of those before it.
///
/// - Source: protocol document 2 §1.5.
struct Batch {
    private let endpoint: MetainfoEndpoint
    private let caller: Caller
    /// The stream an item without one means.
    private var lastStream = Data()
    /// The segment an item without one means.
    private var lastSegment = Data()

    init(endpoint: MetainfoEndpoint, caller: Caller) {
        self.endpoint = endpoint
        self.caller = caller
    }

    /// Runs the items until one fails, which is the failure of the whole; what earlier items did stays done.
    mutating func run(_ items: [Metainfo_BatchRequestItem]) async throws -> [Metainfo_BatchResponseItem] {
        var answers: [Metainfo_BatchResponseItem] = []
        answers.reserveCapacity(items.count)
        while answers.count < items.count {
            try Task.checkCancellation()
            let rest = items[answers.count...]
            if let fused = try await runFused(rest) {
                answers += fused
                continue
            }
            guard let request = rest.first?.request else { throw Refusal.unknownBatchItem }
            var next: Metainfo_BatchRequestItem.OneOf_Request?
            if rest.count > 1 { next = rest[rest.startIndex + 1].request }
            answers.append(Self.item(try await run(request, before: next)))
        }
        return answers
    }

    private static func item(_ response: Metainfo_BatchResponseItem.OneOf_Response) -> Metainfo_BatchResponseItem {
        var item = Metainfo_BatchResponseItem()
        item.response = response
        return item
    }

    // MARK: - Items that belong together

    /// Runs the first two or three items as one transaction when they make a whole; nil when they do not.
    private mutating func runFused(
        _ items: ArraySlice<Metainfo_BatchRequestItem>
    ) async throws -> [Metainfo_BatchResponseItem]? {
        let requests = items.prefix(3).map(\.request)
        if requests.count == 3, case .objectBegin(let begin) = requests[0],
            case .segmentMakeInline(let segment) = requests[1], segment.streamID.isEmpty,
            case .objectCommit(let commit) = requests[2], commit.streamID.isEmpty
        {
            let (begun, committed) = try await endpoint.uploadInline(begin, segment, commit, caller)
            lastStream = begun.streamID
            return [.objectBegin(begun), .segmentMakeInline(.init()), .objectCommit(committed)].map(Self.item)
        }
        guard requests.count >= 2, case .objectCommit(let commit) = requests[1] else { return nil }
        switch requests[0] {
        case .segmentCommit(let segment):
            return try await runFused(filled(segment), filled(commit))
        case .segmentMakeInline(let segment):
            return try await runFused(filled(segment), filled(commit))
        default: return nil
        }
    }

    private func runFused(
        _ segment: Metainfo_CommitSegmentRequest, _ commit: Metainfo_CommitObjectRequest
    ) async throws -> [Metainfo_BatchResponseItem]? {
        guard let (first, second) = try await endpoint.commitFused(segment, commit, caller) else { return nil }
        return [.segmentCommit(first), .objectCommit(second)].map(Self.item)
    }

    private func runFused(
        _ segment: Metainfo_MakeInlineSegmentRequest, _ commit: Metainfo_CommitObjectRequest
    ) async throws -> [Metainfo_BatchResponseItem]? {
        guard let (first, second) = try await endpoint.commitFused(segment, commit, caller) else { return nil }
        return [.segmentMakeInline(first), .objectCommit(second)].map(Self.item)
    }

    // MARK: - Placeholders

    private func filled(_ request: Metainfo_CommitSegmentRequest) -> Metainfo_CommitSegmentRequest {
        var request = request
        if request.segmentID.isEmpty { request.segmentID = lastSegment }
        return request
    }

    private func filled(_ request: Metainfo_RetryBeginSegmentPiecesRequest) -> Metainfo_RetryBeginSegmentPiecesRequest {
        var request = request
        if request.segmentID.isEmpty { request.segmentID = lastSegment }
        return request
    }

    private func filled<Request: NamesStream>(_ request: Request) -> Request {
        var request = request
        if request.streamID.isEmpty { request.streamID = lastStream }
        return request
    }

    // MARK: - Single items

    private mutating func run(
        _ request: Metainfo_BatchRequestItem.OneOf_Request, before next: Metainfo_BatchRequestItem.OneOf_Request?
    ) async throws -> Metainfo_BatchResponseItem.OneOf_Response {
        switch request {
        case .objectBegin(let request):
            let answer = try await endpoint.beginObject(request, caller, isMultipart: !Self.isSegment(next))
            lastStream = answer.streamID
            return .objectBegin(answer)
        case .objectCommit(let request): return .objectCommit(try await endpoint.commitObject(filled(request), caller))
        case .objectGet(let request):
            let answer = try await endpoint.getObject(request, caller)
            lastStream = answer.object.streamID
            return .objectGet(answer)
        case .objectDownload(let request):
            let answer = try await endpoint.downloadObject(request, caller)
            lastStream = answer.object.streamID
            return .objectDownload(answer)
        case .objectBeginDelete(let request):
            let answer = try await endpoint.beginDeleteObject(request, caller)
            lastStream = answer.streamID
            return .objectBeginDelete(answer)
        case .segmentBegin(let request):
            let answer = try await endpoint.beginSegment(filled(request), caller)
            lastSegment = answer.segmentID
            return .segmentBegin(answer)
        case .segmentBeginRetryPieces(let request):
            return .segmentBeginRetryPieces(try await endpoint.retryBeginSegmentPieces(filled(request), caller))
        case .segmentCommit(let request):
            return .segmentCommit(try await endpoint.commitSegment(filled(request), caller))
        case .segmentMakeInline(let request):
            return .segmentMakeInline(try await endpoint.makeInlineSegment(filled(request), caller))
        case .segmentList(let request): return .segmentList(try await endpoint.listSegments(filled(request), caller))
        case .segmentDownload(let request):
            let answer = try await endpoint.downloadSegment(filled(request), caller)
            lastSegment = answer.segmentID
            return .segmentDownload(answer)
        default: return try await runBucketItem(request)
        }
    }

    /// Whether an item belongs to an ordinary upload whose begin stands right before it.
    private static func isSegment(_ request: Metainfo_BatchRequestItem.OneOf_Request?) -> Bool {
        switch request {
        case .segmentBegin, .segmentMakeInline: true
        default: false
        }
    }

    /// Whether an item's answer can hold very many entries.
    static func isListing(_ item: Metainfo_BatchRequestItem) -> Bool {
        switch item.request {
        case .bucketList, .objectList, .objectListPendingStreams, .segmentList, .objectDownload, .objectBeginCopy,
            .objectBeginMove, .objectsDelete, .objectGetIps:
            true
        default: false
        }
    }

    private func runBucketItem(
        _ request: Metainfo_BatchRequestItem.OneOf_Request
    ) async throws -> Metainfo_BatchResponseItem.OneOf_Response {
        switch request {
        case .bucketCreate(let request): return .bucketCreate(try await endpoint.createBucket(request, caller))
        case .bucketGet(let request): return .bucketGet(try await endpoint.getBucket(request, caller))
        case .bucketDelete(let request): return .bucketDelete(try await endpoint.deleteBucket(request, caller))
        case .bucketList(let request): return .bucketList(try await endpoint.listBuckets(request, caller))
        case .bucketGetLocation(let request):
            return .bucketGetLocation(try await endpoint.getBucketLocation(request, caller))
        case .bucketGetTagging(let request):
            return .bucketGetTagging(try await endpoint.getBucketTagging(request, caller))
        case .bucketSetTagging(let request):
            return .bucketSetTagging(try await endpoint.setBucketTagging(request, caller))
        case .bucketGetVersioning(let request):
            return .bucketGetVersioning(try await endpoint.getBucketVersioning(request, caller))
        case .bucketSetVersioning(let request):
            return .bucketSetVersioning(try await endpoint.setBucketVersioning(request, caller))
        case .bucketGetObjectLockConfiguration(let request):
            return .bucketGetObjectLockConfiguration(
                try await endpoint.getBucketObjectLockConfiguration(request, caller))
        case .bucketSetObjectLockConfiguration(let request):
            return .bucketSetObjectLockConfiguration(
                try await endpoint.setBucketObjectLockConfiguration(request, caller))
        case .bucketGetNotificationConfiguration(let request):
            return .bucketGetNotificationConfiguration(
                try await endpoint.getBucketNotificationConfiguration(request, caller))
        case .bucketSetNotificationConfiguration(let request):
            return .bucketSetNotificationConfiguration(
                try await endpoint.setBucketNotificationConfiguration(request, caller))
        default: return try await runObjectItem(request)
        }
    }

    private func runObjectItem(
        _ request: Metainfo_BatchRequestItem.OneOf_Request
    ) async throws -> Metainfo_BatchResponseItem.OneOf_Response {
        switch request {
        case .objectList(let request): return .objectList(try await endpoint.listObjects(request, caller))
        case .objectsDelete(let request): return .objectsDelete(try await endpoint.deleteObjects(request, caller))
        case .objectGetIps(let request): return .objectGetIps(try await endpoint.getObjectIPs(request, caller))
        case .objectListPendingStreams(let request):
            return .objectListPendingStreams(try await endpoint.listPendingObjectStreams(request, caller))
        case .objectGetPendingMetadata(let request):
            return .objectGetPendingMetadata(try await endpoint.getPendingObjectMetadata(request, caller))
        case .objectUpdateMetadata(let request):
            return .objectUpdateMetadata(try await endpoint.updateObjectMetadata(request, caller))
        case .objectBeginMove(let request): return .objectBeginMove(try await endpoint.beginMoveObject(request, caller))
        case .objectFinishMove(let request):
            return .objectFinishMove(try await endpoint.finishMoveObject(request, caller))
        case .objectBeginCopy(let request): return .objectBeginCopy(try await endpoint.beginCopyObject(request, caller))
        case .objectFinishCopy(let request):
            return .objectFinishCopy(try await endpoint.finishCopyObject(request, caller))
        case .objectGetRetention(let request):
            return .objectGetRetention(try await endpoint.getObjectRetention(request, caller))
        case .objectSetRetention(let request):
            return .objectSetRetention(try await endpoint.setObjectRetention(request, caller))
        case .objectGetLegalHold(let request):
            return .objectGetLegalHold(try await endpoint.getObjectLegalHold(request, caller))
        case .objectSetLegalHold(let request):
            return .objectSetLegalHold(try await endpoint.setObjectLegalHold(request, caller))
        case .revokeApiKey(let request): return .revokeApiKey(try await endpoint.revokeAPIKey(request, caller))
        case .partDelete: return .partDelete(.init())
        case .objectFinishDelete, .segmentBeginDelete, .segmentFinishDelete: throw Refusal.unimplemented
        default: throw Refusal.unknownBatchItem
        }
    }
}

/// A request that names a stream, or leaves it to the batch to know which.
private protocol NamesStream {
    var streamID: Data { get set }
}

extension Metainfo_CommitObjectRequest: NamesStream {}
extension Metainfo_BeginSegmentRequest: NamesStream {}
extension Metainfo_ListSegmentsRequest: NamesStream {}
extension Metainfo_MakeInlineSegmentRequest: NamesStream {}
extension Metainfo_DownloadSegmentRequest: NamesStream {}
