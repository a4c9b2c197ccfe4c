/// Thirty-two bytes held inline: the storage of node ids, piece ids, keys and hashes.
package struct Bytes32: Hashable, Sendable, FixedBytes {
    /// The number of bytes, 32.
    package static var byteCount: Int { 32 }

    private var first: UInt64
    private var second: UInt64
    private var third: UInt64
    private var fourth: UInt64

    /// All bytes zero.
    package init() {
        first = 0
        second = 0
        third = 0
        fourth = 0
    }

    /// Four big-endian words; the order of values is the lexicographic order of their bytes.
    package init(words: [UInt64]) {
        precondition(words.count == 4, "thirty-two bytes are four words")
        first = words[0]
        second = words[1]
        third = words[2]
        fourth = words[3]
    }

    package var words: [UInt64] { [first, second, third, fourth] }

    package static func < (left: Self, right: Self) -> Bool {
        if left.first != right.first { return left.first < right.first }
        if left.second != right.second { return left.second < right.second }
        if left.third != right.third { return left.third < right.third }
        return left.fourth < right.fourth
    }
}
