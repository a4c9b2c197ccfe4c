import Database
import StorageModel

/// What a commit looks at of a segment.
struct SegmentExtent: Hashable, Sendable {
    var position: SegmentPosition
    var plainSize: Int64
    var encryptedSize: Int64
    var plainOffset: Int64
}

/// The segments of an upload put together into one stream: totals, offsets and what is left over.
///
/// - Source: protocol document 2 §2.9, §3.4 (parts at commit) and §4.6.
struct StreamAssembly: Hashable, Sendable {
    /// The segments of the stream, ascending, with their offsets in it.
    private(set) var segments: [SegmentExtent] = []
    /// Segments to be dropped: the tail of a longer, earlier upload of the same part.
    private(set) var leftovers: [SegmentPosition] = []
    private(set) var plainSize: Int64 = 0
    private(set) var encryptedSize: Int64 = 0

    /// Puts segments together.
    ///
    /// - Parameters:
    ///   - extents: ascending by position.
    ///   - dropsLeftovers: whether parts may have been uploaded more than once.
    init(_ extents: [SegmentExtent], dropsLeftovers: Bool) {
        var first: SegmentExtent?
        var isPartOver = false
        for var extent in extents {
            if first?.position.part != extent.position.part {
                first = extent
                isPartOver = false
            }
            if isPartOver && dropsLeftovers {
                leftovers.append(extent.position)
                continue
            }
            if let first, extent.plainSize < first.plainSize { isPartOver = true }
            extent.plainOffset = plainSize
            plainSize += extent.plainSize
            encryptedSize += extent.encryptedSize
            segments.append(extent)
        }
    }

    /// Plain bytes of every segment but the last when all are alike and in part 0, else -1; 0 without segments.
    var fixedSegmentSize: Int64 {
        guard let first = segments.first else { return 0 }
        for (index, segment) in segments.enumerated() {
            guard segment.position.part == 0, Int(segment.position.index) == index else { return -1 }
            let isLast = index + 1 == segments.count
            guard isLast || segment.plainSize == first.plainSize else { return -1 }
        }
        return first.plainSize
    }

    /// Checks the count of the parts and the size of all but the last.
    ///
    /// - Throws: `tooManyParts`, `partTooSmall`.
    func verifyParts(minimumSize: Int64, maximumCount: Int) throws {
        var sizes: [(part: Int32, size: Int64)] = []
        for segment in segments {
            if sizes.last?.part == segment.position.part {
                sizes[sizes.count - 1].size += segment.plainSize
            } else {
                sizes.append((segment.position.part, segment.plainSize))
            }
        }
        guard sizes.count <= maximumCount else { throw MetabaseError.tooManyParts(maximumCount) }
        for part in sizes.dropLast() where part.size < minimumSize {
            throw MetabaseError.partTooSmall(part: part.part, size: part.size, minimum: minimumSize)
        }
    }
}

extension Transaction {
    /// Puts the stored segments of an upload together, drops leftovers and stores offsets that changed.
    func assemble(_ upload: Upload) throws -> StreamAssembly {
        let stream = upload.reference.stream
        let stored = try segmentTable.extents(stream)
        let assembly = StreamAssembly(stored, dropsLeftovers: upload.isMultipart)
        try assembly.verifyParts(
            minimumSize: metabase.settings.minimumPartSize, maximumCount: metabase.settings.maximumParts)
        for position in assembly.leftovers { try segmentTable.delete(stream, position) }
        let offsets = Dictionary(uniqueKeysWithValues: stored.map { ($0.position, $0.plainOffset) })
        for segment in assembly.segments where offsets[segment.position] != segment.plainOffset {
            try segmentTable.setOffset(stream, segment.position, segment.plainOffset)
        }
        return assembly
    }
}
