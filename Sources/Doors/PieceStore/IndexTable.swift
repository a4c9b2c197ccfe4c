import StorageModel

/// The index in memory: hash tables with open addressing, 80 to 100 bytes a piece.
///
/// It is split into parts that grow one by one, by a quarter each time: nobody waits while all of it is moved, and there
/// is never a second copy of it.
struct IndexTable: ~Copyable {
    private var parts: [IndexPart]
    /// How many pieces there are.
    private(set) var count = 0
    private let seed: UInt64

    private static let partBits: UInt64 = 6

    /// A place between two records, for walks over the table.
    struct Cursor {
        fileprivate var part = 0
        fileprivate var slot = 0
    }

    /// An empty table; `seed` is random, so that nobody can choose ids that collide.
    init(seed: UInt64) {
        self.seed = seed
        parts = (0..<1 << Self.partBits).map { _ in IndexPart() }
    }

    /// The record of a piece.
    subscript(_ pieceID: PieceID) -> IndexRecord? {
        let (part, key) = place(of: pieceID)
        return parts[part].record(of: pieceID, key: key)
    }

    /// Sets the record of its piece; answers the one it had.
    @discardableResult
    mutating func insert(_ record: IndexRecord) -> IndexRecord? {
        let (part, key) = place(of: record.pieceID)
        parts[part].makeRoom { place(of: $0).key }
        let old = parts[part].insert(record, key: key)
        if old == nil { count += 1 }
        return old
    }

    /// Forgets a piece; answers the record it had.
    @discardableResult
    mutating func remove(_ pieceID: PieceID) -> IndexRecord? {
        let (part, key) = place(of: pieceID)
        let old = parts[part].remove(pieceID, key: key) { place(of: $0).key }
        if old != nil { count -= 1 }
        return old
    }

    /// The records in the next `limit` slots or a few more; nil at the end of the table.
    ///
    /// Records that are removed or inserted between two calls may hide or repeat a few others.
    func next(_ cursor: inout Cursor, limit: Int) -> [IndexRecord]? {
        guard cursor.part < parts.count else { return nil }
        var records: [IndexRecord] = []
        var seen = 0
        while seen < limit, cursor.part < parts.count {
            let part = parts[cursor.part]
            let end = min(part.capacity, cursor.slot + limit - seen)
            part.collect(from: cursor.slot, to: end, into: &records)
            seen += max(1, end - cursor.slot)
            cursor.slot = end
            if end >= part.capacity { (cursor.part, cursor.slot) = (cursor.part + 1, 0) }
        }
        return records
    }

    private func place(of pieceID: PieceID) -> (part: Int, key: UInt32) {
        let word = withUnsafeBytes(of: pieceID) { $0.load(as: UInt64.self) ^ $0.load(fromByteOffset: 8, as: UInt64.self) }
        let mixed = (word ^ seed) &* 0x9e37_79b9_7f4a_7c15
        return (Int(mixed >> (64 - Self.partBits)), UInt32(truncatingIfNeeded: mixed >> (32 - Self.partBits)))
    }
}

/// One part of the index: slots, at most four fifths of them taken.
private final class IndexPart {
    private var slots: UnsafeMutablePointer<IndexRecord?>
    private(set) var capacity: Int
    private var count = 0

    init() {
        capacity = 8
        slots = Self.allocate(capacity)
    }

    deinit { slots.deallocate() }

    func record(of pieceID: PieceID, key: UInt32) -> IndexRecord? {
        slots[slot(of: pieceID, key: key)]
    }

    func insert(_ record: IndexRecord, key: UInt32) -> IndexRecord? {
        let slot = slot(of: record.pieceID, key: key)
        let old = slots[slot]
        slots[slot] = record
        if old == nil { count += 1 }
        return old
    }

    func remove(_ pieceID: PieceID, key: UInt32, keyOf: (PieceID) -> UInt32) -> IndexRecord? {
        var hole = slot(of: pieceID, key: key)
        guard let old = slots[hole] else { return nil }
        count -= 1
        // Those behind the hole move up, so that no search ends early.
        var next = following(hole)
        while let record = slots[next] {
            if distance(from: home(of: keyOf(record.pieceID)), to: next) >= distance(from: hole, to: next) {
                slots[hole] = record
                hole = next
            }
            next = following(next)
        }
        slots[hole] = nil
        return old
    }

    /// Grows when one more record would be too many.
    func makeRoom(keyOf: (PieceID) -> UInt32) {
        guard (count + 1) * 5 > capacity * 4 else { return }
        let (old, oldCapacity) = (slots, capacity)
        capacity = capacity * 5 / 4 + 8
        slots = Self.allocate(capacity)
        for slot in 0..<oldCapacity {
            guard let record = old[slot] else { continue }
            slots[self.slot(of: record.pieceID, key: keyOf(record.pieceID))] = record
        }
        old.deallocate()
    }

    func collect(from start: Int, to end: Int, into records: inout [IndexRecord]) {
        for slot in start..<max(start, end) {
            if let record = slots[slot] { records.append(record) }
        }
    }

    /// The slot of a piece, or the free one where it would stand.
    private func slot(of pieceID: PieceID, key: UInt32) -> Int {
        var slot = home(of: key)
        while slots[slot] != nil, slots[slot]?.pieceID != pieceID { slot = following(slot) }
        return slot
    }

    /// A shift binds more tightly than a product.
    private func home(of key: UInt32) -> Int { Int((UInt64(key) * UInt64(capacity)) >> 32) }

    private func following(_ slot: Int) -> Int { slot + 1 == capacity ? 0 : slot + 1 }

    private func distance(from start: Int, to end: Int) -> Int { end >= start ? end - start : end - start + capacity }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<IndexRecord?> {
        let slots = UnsafeMutablePointer<IndexRecord?>.allocate(capacity: capacity)
        slots.initialize(repeating: nil, count: capacity)
        return slots
    }
}
