/// A set of piece ids that may say "perhaps" for strangers and never says "no" for members.
///
/// A satellite sends one to every node: pieces that are certainly not in it are garbage.
/// - Source: protocol document 3 §3.6. No hash is computed: bits come from the id, which is random already.
package struct BloomFilter: Hashable, Sendable {
    /// Where in the id the first bit is read from, modulo 32.
    package let seed: UInt8
    /// Bits set per id, at least 1.
    package let hashCount: UInt8
    private var table: [UInt8]

    /// An empty filter with `tableSize` bytes (at least 1).
    package init(seed: UInt8, hashCount: UInt8, tableSize: Int) {
        precondition(hashCount >= 1 && tableSize >= 1, "a filter has at least one hash and one byte")
        self.seed = seed
        self.hashCount = hashCount
        table = [UInt8](repeating: 0, count: tableSize)
    }

    /// A filter sized for `expectedCount` ids at a rate of false positives `rate` in `0..<1`, at most `maximumSize` bytes.
    package init(seed: UInt8, expectedCount: Int, falsePositiveRate rate: Double, maximumSize: Int) {
        precondition(rate > 0 && rate < 1, "a rate of false positives lies between 0 and 1")
        let bitsPerElement = -1.44 * Self.log2(rate)
        let hashes = min(32, max(1, (bitsPerElement * 0.693_147_180_559_945).rounded(.up)))
        let size = (Double(max(1, expectedCount)) * bitsPerElement / 8).rounded(.up)
        self.init(seed: seed, hashCount: UInt8(hashes), tableSize: Int(min(max(1, size), Double(max(1, maximumSize)))))
    }

    /// Parses `version 1 ‖ seed ‖ hash count ‖ table`; nil for another version, no hash or an empty table.
    package init?(encoded bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= 4, bytes[0] == 1, bytes[2] >= 1 else { return nil }
        seed = bytes[1]
        hashCount = bytes[2]
        table = Array(bytes[3...])
    }

    /// The wire form.
    package var encoded: [UInt8] { [1, seed, hashCount] + table }

    /// Adds an id.
    package mutating func insert(_ id: PieceID) {
        for (byte, mask) in positions(of: id) { table[byte] |= mask }
    }

    /// False only when the id was certainly never added.
    package func mayContain(_ id: PieceID) -> Bool {
        for (byte, mask) in positions(of: id) where table[byte] & mask == 0 { return false }
        return true
    }

    private func positions(of id: PieceID) -> [(byte: Int, mask: UInt8)] {
        let bytes = id.bytes
        var offset = Int(seed) % 32
        let step = [9, 13, 19, 23][Int(seed) / 32 % 4]
        var positions: [(byte: Int, mask: UInt8)] = []
        positions.reserveCapacity(Int(hashCount))
        for _ in 0..<hashCount {
            var hash: UInt64 = 0
            for index in 0..<8 { hash |= UInt64(bytes[(offset + index) % 32]) << UInt64(index * 8) }
            let bit = bytes[(offset + 8) % 32] % 8
            positions.append((Int(hash % UInt64(table.count)), 1 << bit))
            offset = (offset + step) % 32
        }
        return positions
    }

    /// Base-2 logarithm by repeated squaring, to stay free of the C library; exact to about 1e-12.
    private static func log2(_ value: Double) -> Double {
        var result = Double(value.exponent)
        var mantissa = value.significand
        var bit = 0.5
        for _ in 0..<40 {
            mantissa *= mantissa
            if mantissa >= 2 {
                mantissa /= 2
                result += bit
            }
            bit /= 2
        }
        return result
    }
}
