package import StorageModel

extension Metabase {
    /// The object, its segments in a range and the first of them whole, in one snapshot.
    ///
    /// - Parameter limit: segments listed at most, at least 1.
    /// - Throws: `bucketNotFound`, `objectNotFound`, `methodNotAllowed`, `invalidRange`.
    package func download(
        _ location: ObjectLocation, version: ObjectVersionID? = nil, range: PlainRange, limit: Int
    ) async throws -> ObjectDownload {
        try await read { transaction in
            let object = try transaction.object(location, version)
            let resolved = try range.resolved(size: object.plainSize)
            if let resolved, resolved.isOutside {
                return ObjectDownload(
                    object: object, page: SegmentPage(segments: [], hasMore: false), range: resolved.range)
            }
            let table = transaction.segmentTable
            let page = try table.page(object.stream, after: nil, range: resolved?.range, limit: limit)
            let first = try page.segments.first.map { try table.get(object.stream, $0.position) }
            return ObjectDownload(object: object, page: page, first: first, range: resolved?.range)
        }
    }

    /// Segments of a stream, committed or pending, after a position.
    ///
    /// - Parameters:
    ///   - range: only segments that overlap these plain bytes; offsets are set when the stream is committed.
    ///   - limit: at least 1.
    package func segments(
        of stream: StreamID, after cursor: SegmentPosition? = nil, range: Range<Int64>? = nil, limit: Int
    ) async throws -> SegmentPage {
        try await read { transaction in
            try transaction.segmentTable.page(stream, after: cursor, range: range, limit: limit)
        }
    }

    /// The segment at a position.
    ///
    /// - Throws: `segmentNotFound`.
    package func segment(of stream: StreamID, at position: SegmentPosition) async throws -> Segment {
        try await read { transaction in try transaction.segmentTable.get(stream, position) }
    }

    /// The segment at the highest position.
    ///
    /// - Throws: `segmentNotFound`.
    package func lastSegment(of stream: StreamID) async throws -> Segment {
        try await read { transaction in try transaction.segmentTable.last(stream) }
    }

    /// The nodes that hold an object.
    ///
    /// - Throws: `bucketNotFound`, `objectNotFound`, `methodNotAllowed`.
    package func objectNodes(
        _ location: ObjectLocation, version: ObjectVersionID? = nil
    ) async throws -> ObjectNodes {
        try await read { transaction in
            let bucket = try transaction.bucketTable.get(location.bucket)
            let object = try transaction.objectTable.get(bucket.id, location.key, version)
            let nodes = try transaction.segmentTable.remote(object.stream).map(\.nodes)
            return ObjectNodes(object: object, remoteSegments: nodes, placement: bucket.placement)
        }
    }
}

extension Segment {
    /// The nodes that hold it, by piece number; none for inline content.
    package var nodes: [NodeID] {
        guard case .remote(let remote) = content else { return [] }
        return remote.pieces.map(\.node)
    }
}

extension PlainRange {
    /// A range in numbers; `isOutside` when nothing of the object can be in it.
    struct Resolved: Hashable, Sendable {
        var range: Range<Int64>
        var isOutside: Bool
    }

    /// The range of an object of `size` plain bytes; nil for all of it.
    ///
    /// - Throws: `invalidRange` when it begins behind its end.
    /// - Source: protocol document 2 §2.5.2 (odd ranges).
    func resolved(size: Int64) throws -> Resolved? {
        switch self {
        case .whole:
            return nil
        case .start(let start):
            return Self.clip(max(0, start), size, size: size)
        case .suffix(let count):
            if count <= 0 { return Resolved(range: size..<size, isOutside: true) }
            return Self.clip(count >= size ? 0 : size - count, size, size: size)
        case .startLimit(let start, let limit):
            guard start <= limit else { throw MetabaseError.invalidRange(start: start, limit: limit) }
            let first = max(0, start)
            guard first < size else { return Self.clip(first, size, size: size) }
            // An empty range answers with the segment around it, as upstream does.
            return Self.clip(first, first == limit ? first + 1 : min(limit, size), size: size)
        }
    }

    private static func clip(_ start: Int64, _ limit: Int64, size: Int64) -> Resolved {
        if start >= size { return Resolved(range: size..<size, isOutside: true) }
        return Resolved(range: start..<max(start, limit), isOutside: false)
    }
}
