import Accounting
import Foundation
import Logging
import Macaroons
import Metabase
import Orders
import Overlay
import StorageModel
import WireMessages

extension MetainfoEndpoint {
    /// Describes an object, its segments in a range, and how to get the first of them.
    ///
    /// - Source: protocol document 2 §2.5 and §3.7.
    func downloadObject(
        _ request: Metainfo_DownloadObjectRequest, _ caller: Caller
    ) async throws -> Metainfo_DownloadObjectResponse {
        let (bucket, key) = (Array(request.bucket), Array(request.encryptedObjectKey))
        try caller.demand(.read, bucket: bucket, path: key)
        try caller.charge(.get)
        try refuseServerSideCopy(request.serverSideCopy)
        let location = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        let version = try version(request.objectVersion)
        let limit = try listLimit(request.limit)
        guard downloadLimiter.take(project: caller.projectID, bucket: bucket, key: key) else {
            throw Refusal.tooManyRequests
        }
        try refuseOverBandwidth(caller)
        let range = request.hasRange ? request.range.plainRange : .whole
        let download = try await hidingMissingBucket {
            try await metabase.download(location, version: version, range: range, limit: limit)
        }
        var response = Metainfo_DownloadObjectResponse()
        response.object = try message(of: download.object, in: location, caller)
        response.segmentList = message(of: download.page)
        if let first = download.first {
            let size = SegmentDownloadSize(first.summary, download.object.encryption, range: download.range)
            let answer = try answer(
                first, bucket: bucket, desiredNodes: request.desiredNodes, size: size, caller)
            response.segmentDownload = [answer]
        }
        return response
    }

    /// Says how to get one segment of an object.
    func downloadSegment(
        _ request: Metainfo_DownloadSegmentRequest, _ caller: Caller
    ) async throws -> Metainfo_DownloadSegmentResponse {
        try refuseServerSideCopy(request.serverSideCopy)
        let token = try streamToken(request.streamID, caller)
        try caller.demand(.read, bucket: token.bucketName, path: token.key)
        try caller.charge(.get)
        try refuseOverBandwidth(caller)
        try refuseExpired(token, caller)
        guard request.hasCursorPosition else { throw Refusal.invalid("segment position missing") }
        let cursor = request.cursorPosition
        let segment: Segment
        if cursor.partNumber == 0, cursor.index == -1 {
            segment = try await metabase.lastSegment(of: token.stream)
        } else {
            segment = try await metabase.segment(of: token.stream, at: cursor.validated())
        }
        return try answer(
            segment, bucket: token.bucketName, desiredNodes: request.desiredNodes, size: .whole, caller)
    }

    private func refuseServerSideCopy(_ isAsked: Bool) throws {
        guard !isAsked else {
            throw Refusal.invalid("ServerSideCopy flag is only allowed for trusted uplink clients")
        }
    }

    /// The segment itself when it is inline, else limits for enough of its pieces.
    private func answer(
        _ segment: Segment, bucket: [UInt8], desiredNodes: Int32, size: SegmentDownloadSize, _ caller: Caller
    ) throws -> Metainfo_DownloadSegmentResponse {
        var response = Metainfo_DownloadSegmentResponse()
        response.position = Metainfo_SegmentPosition(segment.position)
        response.segmentSize = segment.encryptedSize
        response.plainOffset = segment.summary.plainOffset
        response.plainSize = segment.summary.plainSize
        response.encryptedKey = Data(segment.summary.encryptedKey)
        if !segment.summary.encryptedKeyNonce.isEmpty {
            response.encryptedKeyNonce = Data(segment.summary.encryptedKeyNonce)
        }
        switch segment.content {
        case .inline(let bytes):
            response.encryptedInlineData = Data(bytes)
            countInline(bucket: bucket, action: .get, bytes: Int64(bytes.count), caller)
        case .remote(let remote):
            let limit = size.pieceSize(remote.redundancy, encryptedSize: segment.encryptedSize)
            try write(remote, limit: limit, bucket: bucket, desiredNodes: desiredNodes, caller, into: &response)
        }
        return response
    }

    private func write(
        _ remote: RemoteSegment, limit: Int64, bucket: [UInt8], desiredNodes: Int32, _ caller: Caller,
        into response: inout Metainfo_DownloadSegmentResponse
    ) throws {
        let scheme = remote.redundancy
        let nodes = overlay.selectForDownload(among: remote.pieces.map(\.node))
        guard nodes.count >= scheme.requiredShares else {
            logger.warning(
                "too few pieces to download", metadata: ["found": "\(nodes.count)", "scheme": "\(scheme)"])
            throw Refusal.tooFewPieces
        }
        let wanted = max(scheme.downloadShares, Int(desiredNodes))
        let key = PieceKey.generate(random: random)
        let terms = OrderTerms(
            action: .get, limit: limit, rootPieceID: remote.rootPieceID, uplinkPublicKey: key.publicKey,
            metadata: OrderMetadata(project: caller.projectID, bucket: bucket), now: caller.time,
            lifetime: settings.orderLifetime, random: random)
        let pieces = Dictionary(remote.pieces.map { ($0.node, $0.number) }, uniquingKeysWith: { first, _ in first })
        response.addressedLimits = [Metainfo_AddressedOrderLimit](
            repeating: Metainfo_AddressedOrderLimit(), count: scheme.totalShares)
        let chosen = nodes.prefix(wanted)
        for node in chosen {
            guard let number = pieces[node.id], response.addressedLimits.indices.contains(number) else { continue }
            response.addressedLimits[number] = Metainfo_AddressedOrderLimit(
                try issuer.limit(terms, node: node.id, pieceNumber: number), at: node)
        }
        response.privateKey = Data(key.privateKey)
        response.redundancyScheme = Metainfo_RedundancyScheme(scheme)
        accounting.countAllocated(
            project: caller.projectID, bucket: bucket, action: .get, bytes: limit * Int64(chosen.count))
    }
}
