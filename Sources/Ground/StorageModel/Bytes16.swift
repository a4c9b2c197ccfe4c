/// Sixteen bytes held inline: the storage of serial numbers and UUIDs.
package struct Bytes16: Hashable, Sendable, FixedBytes {
    /// The number of bytes, 16.
    package static var byteCount: Int { 16 }

    private var high: UInt64
    private var low: UInt64

    /// All bytes zero.
    package init() {
        high = 0
        low = 0
    }

    /// Two big-endian words; the order of values is the lexicographic order of their bytes.
    package init(words: [UInt64]) {
        precondition(words.count == 2, "sixteen bytes are two words")
        high = words[0]
        low = words[1]
    }

    package var words: [UInt64] { [high, low] }

    package static func < (left: Self, right: Self) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}
