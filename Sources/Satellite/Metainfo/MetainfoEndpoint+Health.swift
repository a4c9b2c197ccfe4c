import Foundation
import Macaroons
import Metabase
import Overlay
package import StorageModel
import WireMessages

/// Which of a stream's segments wait for repair: asked of the room that repairs, which this one need not know.
package typealias RepairLookUp =
    @Sendable (_ stream: StreamID, _ positions: [SegmentPosition]) async throws -> Set<SegmentPosition>

extension MetainfoEndpoint {
    /// Segments in an answer when the client names no number, and the most of them.
    static let healthLimit = (default: 100, maximum: 1000)
    /// An answer with so many pieces ends, whatever its segments: 60 bytes each stay far below a message's limit.
    static let maximumHealthPieces = 20_000

    /// Tells where the pieces of an object's segments are, and in what state.
    ///
    /// Whoever may read or list an object may know: it is no more than the addresses in `getObjectIPs` tell.
    func objectHealth(
        _ request: Health_ObjectHealthRequest, _ caller: Caller
    ) async throws -> Health_ObjectHealthResponse {
        let (bucket, key) = (Array(request.bucket), Array(request.encryptedObjectKey))
        try caller.demand(anyOf: [.read, .list], bucket: bucket, path: key)
        try caller.charge(.list)
        let location = try objectLocation(bucket: request.bucket, key: request.encryptedObjectKey, caller)
        let version = try version(request.objectVersion)
        let cursor = try SegmentPosition.before(request.fromPosition)
        guard request.limit >= 0 else { throw Refusal.invalid("invalid request: Invalid limit: \(request.limit)") }
        let limit = request.limit == 0 ? Self.healthLimit.default : min(Int(request.limit), Self.healthLimit.maximum)
        let object = try await hidingMissingBucket { try await metabase.object(location, version: version) }
        let page = try await metabase.segments(of: object.stream, after: cursor, limit: limit)
        let segments = try await whole(page, of: object.stream)
        let queued = try await isQueuedForRepair(object.stream, segments.map(\.position))
        let classifier = overlay.classifier()
        var response = Health_ObjectHealthResponse()
        response.segments = segments.map { message(of: $0, classifier, isQueued: queued.contains($0.position)) }
        response.more = page.hasMore || segments.count < page.segments.count
        return response
    }

    /// The segments of a page with their pieces; fewer when there are many pieces.
    private func whole(_ page: SegmentPage, of stream: StreamID) async throws -> [Segment] {
        var segments: [Segment] = []
        var pieceCount = 0
        for summary in page.segments where pieceCount < Self.maximumHealthPieces {
            let segment = try await metabase.segment(of: stream, at: summary.position)
            segments.append(segment)
            if case .remote(let remote) = segment.content { pieceCount += remote.pieces.count }
        }
        return segments
    }

    private func message(
        of segment: Segment, _ classifier: PieceClassifier, isQueued: Bool
    ) -> Health_SegmentHealth {
        var message = Health_SegmentHealth()
        message.position = segment.position.encoded
        message.encryptedSize = segment.encryptedSize
        guard case .remote(let remote) = segment.content else {
            message.isInline = true
            return message
        }
        let scheme = remote.redundancy
        message.required = Int32(scheme.requiredShares)
        message.repair = Int32(scheme.repairShares)
        message.optimal = Int32(scheme.optimalShares)
        message.total = Int32(scheme.totalShares)
        let states = classifier.classify(
            remote.pieces.map { (number: $0.number, node: $0.node) }, placement: segment.placement)
        message.healthy = Int32(states.healthyCount)
        message.retrievable = Int32(states.retrievableCount)
        message.isQueuedForRepair = isQueued
        message.pieces = zip(remote.pieces, states.states).map { piece, state in
            var health = Health_PieceHealth()
            health.number = Int32(piece.number)
            health.nodeID = Data(piece.node.bytes)
            health.state = .init(state.state)
            guard let node = overlay.record(of: piece.node) else { return health }
            health.country = node.countryCode
            health.network = node.lastNet
            return health
        }
        return message
    }
}

extension SegmentPosition {
    /// The last position before the first that a client wants; nil from the beginning.
    fileprivate static func before(_ encoded: Int64) throws -> SegmentPosition? {
        guard encoded >= 0, encoded & 0x8000_0000 == 0 else {
            throw Refusal.invalid("invalid request: a position has two numbers that are not negative")
        }
        let first = SegmentPosition(encoded: encoded)
        if first.index > 0 { return SegmentPosition(part: first.part, index: first.index - 1) }
        return first.part > 0 ? SegmentPosition(part: first.part - 1, index: .max) : nil
    }
}

extension Health_PieceHealth.State {
    init(_ state: PieceState) {
        switch state {
        case .healthy: self = .healthy
        case .offline: self = .offline
        case .suspended: self = .suspended
        case .exiting: self = .exiting
        case .clumped: self = .clumped
        case .outOfPlacement: self = .outOfPlacement
        case .lost: self = .lost
        }
    }
}
