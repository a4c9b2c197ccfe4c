package import StorageModel

extension Metabase {
    /// Replaces the pieces of one segment if it still is what the caller looked at.
    ///
    /// All or nothing, in one transaction: whoever read the segment before and lost a race gets false and looks again.
    /// Copies of the segment are segments of their own with pieces of their own; they stay as they are.
    ///
    /// - Parameters:
    ///   - expected: the content as `segment(of:at:)` returned it, root and hashes included.
    ///   - pieces: all pieces from now on, in any order; numbers unique and in `0..<totalShares`. Their hashes are of
    ///     the segment's `hashAlgorithm`; nil where that is not known.
    ///   - repairedAt: when it was repaired; nil leaves what is stored.
    /// - Returns: false when the segment changed, expired or went meanwhile; nothing is changed then.
    /// - Throws: `DatabaseError`.
    package func updatePieces(
        of stream: StreamID, at position: SegmentPosition, expecting expected: RemoteSegment,
        to pieces: [SegmentPiece], repairedAt: Timestamp? = nil
    ) async throws -> Bool {
        var updated = expected
        updated.pieces = pieces.sorted { $0.number < $1.number }
        precondition(updated.hasValidNumbers, "piece numbers are unique and below the count of shares")
        let content = updated
        try await aliases.ensure(Set(pieces.map(\.node)), in: database)
        return try await write { transaction in
            let table = transaction.segmentTable
            guard try table.find(stream, position)?.content == .remote(expected) else { return false }
            try table.setPieces(stream, position, content, repairedAt: repairedAt)
            return true
        }
    }
}

extension RemoteSegment {
    fileprivate var hasValidNumbers: Bool {
        let numbers = pieces.map(\.number)
        return Set(numbers).count == numbers.count && numbers.allSatisfy { (0..<redundancy.totalShares).contains($0) }
    }
}
