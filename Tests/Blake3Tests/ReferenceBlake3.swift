/// BLAKE3 as the paper writes it: one chunk at a time, one tree by recursion, no speed.
///
/// The kernels and the streaming hasher are held against it.
enum ReferenceBlake3 {
    private static let initialValue: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private static let permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]
    private static let (chunkStart, chunkEnd, parent, root): (UInt32, UInt32, UInt32, UInt32) = (1, 2, 4, 8)

    static func hash(_ input: [UInt8]) -> [UInt8] {
        bytes(value(of: input[...], firstChunk: 0, extraFlags: root))
    }

    /// The value of the subtree over `input`, whose first chunk has that index.
    static func subtree(_ input: ArraySlice<UInt8>, firstChunk: UInt64) -> [UInt8] {
        bytes(value(of: input, firstChunk: firstChunk, extraFlags: 0))
    }

    private static func value(of input: ArraySlice<UInt8>, firstChunk: UInt64, extraFlags: UInt32) -> [UInt32] {
        guard input.count > 1024 else { return chunk(input, index: firstChunk, extraFlags: extraFlags) }
        var left = 1024
        while left * 2 < input.count { left *= 2 }
        let leftValue = value(of: input.prefix(left), firstChunk: firstChunk, extraFlags: 0)
        let rightValue = value(of: input.dropFirst(left), firstChunk: firstChunk + UInt64(left / 1024), extraFlags: 0)
        return compress(initialValue, leftValue + rightValue, counter: 0, length: 64, flags: parent | extraFlags)
    }

    private static func chunk(_ input: ArraySlice<UInt8>, index: UInt64, extraFlags: UInt32) -> [UInt32] {
        var blocks = stride(from: input.startIndex, to: input.endIndex, by: 64).map { input[$0...].prefix(64) }
        if blocks.isEmpty { blocks = [[]] }
        var chaining = initialValue
        for (number, block) in blocks.enumerated() {
            var flags: UInt32 = number == 0 ? chunkStart : 0
            if number == blocks.count - 1 { flags |= chunkEnd | extraFlags }
            chaining = compress(chaining, words(block), counter: index, length: UInt32(block.count), flags: flags)
        }
        return chaining
    }

    private static func compress(
        _ chaining: [UInt32], _ block: [UInt32], counter: UInt64, length: UInt32, flags: UInt32
    ) -> [UInt32] {
        let low = UInt32(truncatingIfNeeded: counter)
        let high = UInt32(truncatingIfNeeded: counter >> 32)
        var v = chaining + initialValue.prefix(4) + [low, high, length, flags]
        var m = block
        for _ in 0..<7 {
            for i in 0..<4 { mix(&v, i, 4 + i, 8 + i, 12 + i, m[2 * i], m[2 * i + 1]) }
            for i in 0..<4 {
                mix(&v, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[8 + 2 * i], m[9 + 2 * i])
            }
            m = permutation.map { m[$0] }
        }
        return (0..<8).map { v[$0] ^ v[$0 + 8] }
    }

    private static func mix(_ v: inout [UInt32], _ a: Int, _ b: Int, _ c: Int, _ d: Int, _ x: UInt32, _ y: UInt32) {
        v[a] = v[a] &+ v[b] &+ x
        v[d] = rotateRight(v[d] ^ v[a], 16)
        v[c] = v[c] &+ v[d]
        v[b] = rotateRight(v[b] ^ v[c], 12)
        v[a] = v[a] &+ v[b] &+ y
        v[d] = rotateRight(v[d] ^ v[a], 8)
        v[c] = v[c] &+ v[d]
        v[b] = rotateRight(v[b] ^ v[c], 7)
    }

    private static func rotateRight(_ word: UInt32, _ bits: UInt32) -> UInt32 { word >> bits | word << (32 - bits) }

    private static func words(_ block: ArraySlice<UInt8>) -> [UInt32] {
        var words = [UInt32](repeating: 0, count: 16)
        for (index, byte) in block.enumerated() { words[index / 4] |= UInt32(byte) << UInt32(index % 4 * 8) }
        return words
    }

    private static func bytes(_ words: [UInt32]) -> [UInt8] {
        words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32($0 * 8)) } }
    }
}
