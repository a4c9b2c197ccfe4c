import StorageModel

/// The index in memory: a hash table with open addressing, 85 to 170 bytes a piece.
struct IndexTable: ~Copyable {
    private var slots: UnsafeMutablePointer<IndexRecord?>
    /// How many slots there are, a power of two.
    private(set) var capacity: Int
    /// How many pieces there are.
    private(set) var count = 0
    private let seed: UInt64

    /// An empty table; `seed` is random, so that nobody can choose ids that collide.
    init(seed: UInt64) {
        self.seed = seed
        capacity = 1024
        slots = Self.allocate(capacity)
    }

    deinit { slots.deallocate() }

    /// The record of a piece.
    subscript(_ pieceID: PieceID) -> IndexRecord? {
        var slot = home(of: pieceID)
        while let record = slots[slot] {
            if record.pieceID == pieceID { return record }
            slot = (slot + 1) & (capacity - 1)
        }
        return nil
    }

    /// Sets the record of its piece.
    mutating func insert(_ record: IndexRecord) {
        if (count + 1) * 4 > capacity * 3 { grow() }
        var slot = home(of: record.pieceID)
        while let present = slots[slot] {
            if present.pieceID == record.pieceID {
                slots[slot] = record
                return
            }
            slot = (slot + 1) & (capacity - 1)
        }
        slots[slot] = record
        count += 1
    }

    /// Forgets a piece.
    mutating func remove(_ pieceID: PieceID) {
        var hole = home(of: pieceID)
        while let record = slots[hole], record.pieceID != pieceID { hole = (hole + 1) & (capacity - 1) }
        guard slots[hole] != nil else { return }
        count -= 1
        // Those behind the hole move up, so that no search ends early.
        var next = (hole + 1) & (capacity - 1)
        while let record = slots[next] {
            let distance = (next - home(of: record.pieceID)) & (capacity - 1)
            if distance >= (next - hole) & (capacity - 1) {
                slots[hole] = record
                hole = next
            }
            next = (next + 1) & (capacity - 1)
        }
        slots[hole] = nil
    }

    /// The records in a range of slots, cut to the table.
    func records(inSlots range: Range<Int>) -> [IndexRecord] {
        range.clamped(to: 0..<capacity).compactMap { slots[$0] }
    }

    private func home(of pieceID: PieceID) -> Int {
        let word = withUnsafeBytes(of: pieceID) { $0.load(as: UInt64.self) ^ $0.load(fromByteOffset: 8, as: UInt64.self) }
        let mixed = (word ^ seed) &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: (mixed ^ mixed >> 32) & UInt64(capacity - 1))
    }

    private mutating func grow() {
        let old = slots
        let oldCapacity = capacity
        capacity *= 2
        slots = Self.allocate(capacity)
        count = 0
        for slot in 0..<oldCapacity {
            if let record = old[slot] { insert(record) }
        }
        old.deallocate()
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<IndexRecord?> {
        let slots = UnsafeMutablePointer<IndexRecord?>.allocate(capacity: capacity)
        slots.initialize(repeating: nil, count: capacity)
        return slots
    }
}
