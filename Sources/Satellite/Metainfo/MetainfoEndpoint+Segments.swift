import Accounting
import Foundation
import Macaroons
import Metabase
import Orders
import Overlay
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// Offers nodes for the pieces of a segment.
    ///
    /// Of an ordinary upload nothing is read from the database: its token says all.
    func beginSegment(
        _ request: Metainfo_BeginSegmentRequest, _ caller: Caller
    ) async throws -> Metainfo_BeginSegmentResponse {
        let stream = try streamToken(request.streamID, caller)
        try caller.demand(.write, bucket: stream.bucketName, path: stream.key)
        try caller.charge(.put, isBreakable: false)
        let position = try position(request.hasPosition ? request.position : nil)
        guard (1...settings.maximumSegmentSize).contains(request.maxOrderLimit) else {
            throw Refusal.invalid("max order limit must be between 1 and \(settings.maximumSegmentSize)")
        }
        try refuseOverUse(caller, addingBytes: 0, addingSegments: 1)
        if stream.isMultipart { _ = try await metabase.upload(stream.upload) }
        let scheme = settings.redundancy
        let limit = scheme.pieceSize(encryptedSize: request.maxOrderLimit)
        let nodes = try overlay.selectForUpload(count: scheme.totalShares, pieceSize: limit)
        let key = PieceKey.generate(random: random)
        let serial = SerialNumber.fresh(expiration: caller.time.advanced(by: settings.orderLifetime), random: random)
        let token = SegmentToken(
            stream: stream, position: position, rootPieceID: .random(using: random), serial: serial,
            publicKey: key.publicKey, createdAt: caller.time, limit: limit, redundancy: scheme,
            nodes: nodes.map(\.id))
        var response = Metainfo_BeginSegmentResponse()
        response.segmentID = Data(token.encode(signer: tokens))
        response.addressedLimits = try uploadLimits(token, nodes)
        response.privateKey = Data(key.privateKey)
        response.redundancyScheme = Metainfo_RedundancyScheme(scheme)
        accounting.countAllocated(
            project: caller.projectID, bucket: stream.bucketName, action: .put, bytes: limit * Int64(nodes.count))
        return response
    }

    /// Offers other nodes for pieces whose nodes failed.
    func retryBeginSegmentPieces(
        _ request: Metainfo_RetryBeginSegmentPiecesRequest, _ caller: Caller
    ) async throws -> Metainfo_RetryBeginSegmentPiecesResponse {
        var token = try segmentToken(request.segmentID, caller)
        try caller.demand(.write, bucket: token.stream.bucketName, path: token.stream.key)
        try caller.charge(.put, isBreakable: false)
        let numbers = try pieceNumbers(request.retryPieceNumbers, count: token.nodes.count)
        let failed = numbers.map { token.nodes[$0] }
        overlay.recordUpload(succeeded: [], failed: failed)
        let fresh = try overlay.selectForUpload(
            count: numbers.count, excluding: Set(token.nodes), pieceSize: token.limit)
        for (number, node) in zip(numbers, fresh) { token.nodes[number] = node.id }
        let freshByID = Dictionary(fresh.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let nodes = try token.nodes.map { id -> SelectedNode in
            guard let node = freshByID[id] ?? overlay.node(id) else {
                throw RPCStatusError(.failedPrecondition, "not enough nodes: a node of the segment is gone")
            }
            return node
        }
        var response = Metainfo_RetryBeginSegmentPiecesResponse()
        response.segmentID = Data(token.encode(signer: tokens))
        response.addressedLimits = try uploadLimits(token, nodes)
        accounting.countAllocated(
            project: caller.projectID, bucket: token.stream.bucketName, action: .put,
            bytes: token.limit * Int64(fresh.count))
        return response
    }

    private func pieceNumbers(_ numbers: [Int32], count: Int) throws -> [Int] {
        guard !numbers.isEmpty else { throw Refusal.invalid("piece numbers to exchange cannot be empty") }
        var seen: Set<Int32> = []
        return try numbers.map { number in
            guard (0..<count).contains(Int(number)) else {
                throw Refusal.invalid("piece number \(number) must be within range [0,\(count - 1)]")
            }
            guard seen.insert(number).inserted else {
                throw Refusal.invalid("piece number \(number) is duplicated")
            }
            return Int(number)
        }
    }

    // MARK: - Reading

    /// Lists the segments of an object or an upload.
    func listSegments(
        _ request: Metainfo_ListSegmentsRequest, _ caller: Caller
    ) async throws -> Metainfo_ListSegmentsResponse {
        let token = try streamToken(request.streamID, caller)
        try caller.demand(.read, bucket: token.bucketName, path: token.key)
        try caller.charge(.list)
        let limit = try listLimit(request.limit)
        try refuseExpired(token, caller)
        let cursor = request.hasCursorPosition ? try request.cursorPosition.validated() : .zero
        let page = try await metabase.segments(of: token.stream, after: cursor == .zero ? nil : cursor, limit: limit)
        var response = message(of: page)
        response.encryptionParameters = Metainfo_EncryptionParameters(cipher: token.cipher, blockSize: token.blockSize)
        return response
    }

    /// An object that ended is gone, whatever tokens are about.
    func refuseExpired(_ token: StreamToken, _ caller: Caller) throws {
        if let end = token.expiresAt, end <= caller.time { throw Refusal.objectNotFound }
    }

    /// The wire form of a page of segments.
    func message(of page: SegmentPage) -> Metainfo_ListSegmentsResponse {
        var response = Metainfo_ListSegmentsResponse()
        response.more = page.hasMore
        response.items = page.segments.map { segment in
            var item = Metainfo_SegmentListItem()
            item.position = Metainfo_SegmentPosition(segment.position)
            item.plainSize = segment.plainSize
            item.createdAt = Wire_Timestamp(segment.createdAt)
            item.plainOffset = segment.plainOffset
            item.encryptedETag = Data(segment.encryptedETag)
            if !segment.encryptedKeyNonce.isEmpty { item.encryptedKeyNonce = Data(segment.encryptedKeyNonce) }
            item.encryptedKey = Data(segment.encryptedKey)
            return item
        }
        return response
    }
}
