/// A value of a fixed number of bytes, ordered bytewise.
///
/// Conformers store big-endian words, so that comparing words compares bytes.
package protocol FixedBytes: Hashable, Comparable, Sendable {
    /// How many bytes a value has; a multiple of eight.
    static var byteCount: Int { get }
    /// All bytes zero.
    init()
    /// Makes a value from `byteCount / 8` big-endian words.
    init(words: [UInt64])
    /// The bytes as `byteCount / 8` big-endian words.
    var words: [UInt64] { get }
}

extension FixedBytes {
    /// Parses exactly `byteCount` bytes; nil for any other count.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        // Ids are parsed some thirty times for every piece: word by word, not byte by byte through the collection.
        let words =
            bytes.withContiguousStorageIfAvailable(Self.words)
            ?? Array(bytes).withUnsafeBufferPointer(Self.words)
        self.init(words: words)
    }

    private static func words(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt64] {
        let bytes = UnsafeRawBufferPointer(bytes)
        return (0..<byteCount / 8).map {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
        }
    }

    /// The bytes, `byteCount` of them.
    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            let buffer = UnsafeMutableRawBufferPointer(buffer)
            for (index, word) in words.enumerated() {
                buffer.storeBytes(of: word.bigEndian, toByteOffset: index * 8, as: UInt64.self)
            }
            count = Self.byteCount
        }
    }

    /// True when every byte is zero, which our wire formats read as "not set".
    package var isZero: Bool { self == Self() }
}

/// A typed wrapper around fixed bytes: an id that cannot be confused with another kind of id.
package protocol FixedBytesID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The storage.
    associatedtype Storage: FixedBytes
    /// The bytes as a value.
    var storage: Storage { get }
    /// Wraps storage.
    init(storage: Storage)
}

extension FixedBytesID {
    /// How many bytes an id has.
    package static var byteCount: Int { Storage.byteCount }

    /// All bytes zero, which our wire formats read as "not set".
    package init() {
        self.init(storage: Storage())
    }

    /// Parses exactly `byteCount` bytes; nil for any other count.
    package init?(_ bytes: some Collection<UInt8>) {
        guard let storage = Storage(bytes) else { return nil }
        self.init(storage: storage)
    }

    /// The bytes, `byteCount` of them.
    package var bytes: [UInt8] { storage.bytes }

    /// True when every byte is zero.
    package var isZero: Bool { storage.isZero }

    /// A random id.
    package static func random(using source: RandomSource) -> Self {
        guard let id = Self(source.bytes(count: byteCount)) else {
            preconditionFailure("a random source returns the count asked for")
        }
        return id
    }

    package static func < (left: Self, right: Self) -> Bool { left.storage < right.storage }

    /// Upper-case base32 without padding, as Storj writes ids in logs and file names.
    package var description: String { Base32.encode(bytes) }
}
