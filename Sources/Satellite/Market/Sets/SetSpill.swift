import Foundation
import Heartbeats
import Metabase
import StorageModel

/// Sorts what a scan shows by node into files, so that sets of any size are made in little memory.
///
/// Used by the scan's thread, then by whoever builds the sets: never by two at once.
final class SetSpill: @unchecked Sendable {
    /// What is known of one node.
    struct Slot {
        let node: NodeID
        /// Whether its pieces are written down, or only counted.
        let isKept: Bool
        var holding = HeartbeatHolding()
        var buffer: [UInt8] = []
        var isOnDisk = false
    }

    private let folder: String
    private let memory: Int
    private let isWanted: (NodeID) -> Bool?
    /// Pieces that were stored later are not looked at.
    private let asOf: Timestamp
    /// Pieces that expire before this need not be there when they are asked for.
    private let until: Timestamp
    private var nodes: NodeTable?
    private var bufferSize = 0
    /// By alias; nil for nodes that hold nothing or are gone.
    private(set) var slots: [Slot?] = []
    private(set) var segmentCount = 0

    /// A spill into a folder of its own, emptied first.
    ///
    /// - Parameters:
    ///   - memory: bytes of all buffers together.
    ///   - asOf: pieces that were stored later do not count yet.
    ///   - until: when the last answer is due.
    ///   - isWanted: true for nodes whose pieces are written down, false for those only counted, nil for those left out.
    init(
        folder: String, memory: Int, asOf: Timestamp, until: Timestamp, isWanted: @escaping (NodeID) -> Bool?
    ) throws {
        self.folder = folder
        self.memory = memory
        self.asOf = asOf
        self.until = until
        self.isWanted = isWanted
        if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
        try HeartbeatFolder.create(folder)
    }

    func begin(_ nodes: NodeTable) {
        self.nodes = nodes
        slots = (0..<nodes.count).map { alias in
            guard let node = nodes[Int64(alias)], let isKept = isWanted(node) else { return nil }
            return Slot(node: node, isKept: isKept)
        }
        let kept = slots.count { $0?.isKept == true }
        bufferSize = min(max(memory / max(1, kept), 4096), 1 << 20)
    }

    func process(_ segments: [HashedPieces]) throws {
        for segment in segments where segment.storedAt <= asOf {
            segmentCount += 1
            let isProvable =
                segment.hashAlgorithm == 1 && segment.hashes != nil && (segment.expiresAt.map { $0 > until } ?? true)
            var deriver: PieceIDDeriver?
            for (index, entry) in segment.entries.enumerated() {
                guard let nodes, nodes[entry.alias] != nil else { throw MarketError.unknownAlias(entry.alias) }
                let alias = Int(entry.alias)
                guard let node = slots[alias]?.node, let isKept = slots[alias]?.isKept else { continue }
                let hash = isProvable && isKept ? Self.hash(segment.hashes, index) : nil
                guard let hash else {
                    slots[alias]?.holding.unprovablePieceCount += 1
                    slots[alias]?.holding.unprovableByteCount += UInt64(segment.pieceSize)
                    continue
                }
                let keyed = deriver ?? segment.rootPieceID.deriver()
                deriver = keyed
                let id = keyed.derive(node: node, pieceNumber: Int32(clamping: entry.number))
                try add(id, hash, segment.pieceSize, to: alias)
            }
        }
    }

    /// The known hash of a piece; nil for an unknown one, which is all zero.
    private static func hash(_ hashes: [UInt8]?, _ index: Int) -> ArraySlice<UInt8>? {
        guard let hash = hashes?[index * 32..<(index + 1) * 32], hash.contains(where: { $0 != 0 }) else { return nil }
        return hash
    }

    private func add(_ id: PieceID, _ hash: ArraySlice<UInt8>, _ size: Int64, to alias: Int) throws {
        guard var slot = slots[alias] else { return }
        // The slot must not hold the buffer while it grows, or it would be copied.
        slots[alias] = nil
        SetRecord.append(id, hash: hash, size: size, to: &slot.buffer)
        if slot.buffer.count + SetRecord.size > bufferSize { try spill(&slot, alias) }
        slots[alias] = slot
    }

    private func spill(_ slot: inout Slot, _ alias: Int) throws {
        guard !slot.buffer.isEmpty else { return }
        try Self.append(slot.buffer, to: path(alias))
        slot.isOnDisk = true
        slot.buffer.removeAll(keepingCapacity: true)
    }

    /// All records of a node, one after another, as they came; the spill forgets them.
    func takeRecords(of alias: Int) throws -> [UInt8] {
        guard var slot = slots[alias] else { return [] }
        slots[alias] = nil
        guard slot.isOnDisk else { return slot.buffer }
        try spill(&slot, alias)
        let path = path(alias)
        guard let records = try HeartbeatFolder.read(path) else { throw MarketError.damagedFile(path) }
        unlink(path)
        return records
    }

    /// Bytes of a node's records.
    func recordSize(of alias: Int) -> Int {
        guard let slot = slots[alias] else { return 0 }
        var information = stat()
        let onDisk = slot.isOnDisk && stat(path(alias), &information) == 0 ? Int(information.st_size) : 0
        return onDisk + slot.buffer.count
    }

    /// Cuts a node's records, which are too many for the memory, into files by the first bytes of their ids, in order.
    func split(_ alias: Int, into count: Int) throws -> [String] {
        guard var slot = slots[alias] else { return [] }
        slots[alias] = nil
        try spill(&slot, alias)
        let parts = (0..<count).map { "\(path(alias)).\($0)" }
        var buffers = [[UInt8]](repeating: [], count: count)
        let size = max(SetRecord.size, memory / 4 / count)
        try Self.readRecords(path(alias), atOnce: (1 << 20) / SetRecord.size) { record in
            let prefix = UInt64(bigEndian: record.loadUnaligned(as: UInt64.self))
            let part = Int(prefix.multipliedFullWidth(by: UInt64(count)).high)
            buffers[part].append(contentsOf: record)
            guard buffers[part].count >= size else { return }
            try Self.append(buffers[part], to: parts[part])
            buffers[part].removeAll(keepingCapacity: true)
        }
        for (part, buffer) in zip(parts, buffers) { try Self.append(buffer, to: part) }
        unlink(path(alias))
        return parts
    }

    /// Deletes everything.
    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    private func path(_ alias: Int) -> String { "\(folder)/\(alias)" }

    private static func append(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw MarketError.file("make \(path)", errno: errno) }
        defer { close(descriptor) }
        try bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw MarketError.file("write \(path)", errno: errno) }
                done += count
            }
        }
    }

    private static func readRecords(
        _ path: String, atOnce count: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard let file = FileHandle(forReadingAtPath: path) else { throw MarketError.damagedFile(path) }
        defer { try? file.close() }
        while let data = try file.read(upToCount: count * SetRecord.size), !data.isEmpty {
            guard data.count % SetRecord.size == 0 else { throw MarketError.damagedFile(path) }
            try data.withUnsafeBytes { bytes in
                for start in stride(from: 0, to: bytes.count, by: SetRecord.size) {
                    try body(UnsafeRawBufferPointer(rebasing: bytes[start..<start + SetRecord.size]))
                }
            }
        }
    }
}
