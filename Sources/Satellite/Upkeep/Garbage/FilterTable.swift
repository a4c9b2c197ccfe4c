import StorageModel

/// A Bloom filter that is being filled, in its wire form: the same bits as `BloomFilter`, without memory for every id.
///
/// - Source: protocol document 3 §3.6.
package struct FilterTable {
    /// Version, seed, hash count.
    private static let headSize = 3

    /// The wire form.
    package private(set) var bytes: [UInt8]
    private let start: Int
    private let step: Int
    private let hashCount: Int

    /// An empty filter.
    package init(seed: UInt8, expectedCount: Int, settings: GarbageSettings) {
        let filter = BloomFilter(
            seed: seed, expectedCount: expectedCount, falsePositiveRate: settings.falsePositiveRate,
            maximumSize: settings.maximumFilterSize)
        bytes = filter.encoded
        hashCount = Int(filter.hashCount)
        start = Int(seed) % 32
        step = [9, 13, 19, 23][Int(seed) / 32 % 4]
    }

    /// Adds an id.
    ///
    /// - Parameter id: the id's 32 bytes, twice.
    package mutating func insert(doubled id: UnsafeRawBufferPointer) {
        assert(id.count == 64, "an id has 32 bytes")
        let size = UInt64(bytes.count - Self.headSize)
        var offset = start
        bytes.withUnsafeMutableBufferPointer { bytes in
            for _ in 0..<hashCount {
                let hash = UInt64(littleEndian: id.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                bytes[Self.headSize + Int(hash % size)] |= 1 << (id[offset + 8] & 7)
                offset = (offset + step) & 31
            }
        }
    }
}
