import StorageModel

/// Finds the entries of a log from its end, past torn and damaged parts.
struct LogScanner {
    let file: any File
    let key: [UInt8]
    let satellite: NodeID
    let log: UInt32

    private static let windowSize: Int64 = 256 << 10

    /// What a walk found.
    struct Findings {
        /// The entries in the order of the log.
        var records: [IndexRecord] = []
        /// Pieces whose trailers are whole and whose content is not: torn by a crash before anybody was told that they
        /// were stored, or rotten.
        var broken: [PieceID] = []
        /// Bytes between or behind entries that belong to none.
        var skippedBytes: Int64 = 0
        /// Where the last entry ends, or where the walk was to stop.
        var end: Int64
    }

    /// Walks from `size` back to `start`, both boundaries of the log.
    ///
    /// The content of the last `verifiedBytes` bytes is checked too: what was being written during a crash may have a
    /// trailer on the disk and lack its content.
    func scan(from start: Int64, to size: Int64, verifiedBytes: Int64) throws -> Findings {
        var findings = Findings(end: start)
        var position = size / LogFormat.unit * LogFormat.unit
        while let (trailer, record) = try nextEntry(atOrBefore: position, notBefore: start) {
            let isRecent = record.end > size - verifiedBytes || findings.records.isEmpty
            if isRecent, try !isContentValid(of: trailer, at: record.offset) {
                findings.broken.append(trailer.piece.pieceID)
                position = record.end - LogFormat.unit
                continue
            }
            findings.skippedBytes += position - record.end
            if findings.records.isEmpty { findings.end = record.end }
            findings.records.append(record)
            position = record.offset
        }
        findings.skippedBytes += max(0, position - start)
        findings.records.reverse()
        return findings
    }

    /// The last entry that ends at or before `position`.
    private func nextEntry(atOrBefore position: Int64, notBefore start: Int64) throws -> (Trailer, IndexRecord)? {
        var end = position
        while let candidate = try footerEnd(atOrBefore: end, notBefore: start) {
            if let entry = try entry(endingAt: candidate, notBefore: start) { return entry }
            end = candidate - LogFormat.unit
        }
        return nil
    }

    /// Where the last thing that looks like a footer ends.
    private func footerEnd(atOrBefore position: Int64, notBefore start: Int64) throws -> Int64? {
        let footerSize = Int64(Trailer.footerSize)
        var end = position
        while end - footerSize >= start {
            let lower = max(start, end - Self.windowSize)
            let window = try file.bytes(at: lower, count: Int(end - lower))
            guard window.count == Int(end - lower) else {
                throw PieceStoreError(.corrupt, "log \(log) became shorter while it was read")
            }
            while end - footerSize >= lower {
                let footer = Int(end - footerSize - lower)
                if window[footer...].starts(with: Trailer.magic) { return end }
                end -= LogFormat.unit
            }
        }
        return nil
    }

    private func entry(endingAt end: Int64, notBefore start: Int64) throws -> (Trailer, IndexRecord)? {
        let footer = try file.bytes(at: end - Int64(Trailer.footerSize), count: Trailer.footerSize)
        guard let sizes = Trailer.claimedSizes(footer: footer[...]) else { return nil }
        let offset = end - Int64(sizes.trailer) - LogFormat.aligned(sizes.content)
        guard offset >= start else { return nil }
        let bytes = try file.bytes(at: end - Int64(sizes.trailer), count: sizes.trailer)
        guard let trailer = Trailer(parsing: bytes, key: key), trailer.piece.satellite == satellite else { return nil }
        return (trailer, IndexRecord(piece: trailer.piece, trailerSize: sizes.trailer, log: log, offset: offset))
    }

    /// Reads the whole content of an entry and compares it with its trailer.
    func isContentValid(of trailer: Trailer, at offset: Int64) throws -> Bool {
        var position: Int64 = 0
        repeat {
            let count = Int(min(Self.windowSize, trailer.piece.size - position))
            let bytes = try file.bytes(at: offset + position, count: count)
            guard bytes.count == count,
                bytes.withUnsafeBytes({ GroupVerifier.isValid($0, at: position, of: trailer) })
            else { return false }
            position += Int64(count)
        } while position < trailer.piece.size
        return true
    }
}
