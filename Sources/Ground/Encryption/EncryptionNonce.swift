package import StorageModel

/// Twenty-four bytes that are used once with a key: a little-endian number.
///
/// - Source: protocol document 1 §6.1.
package struct EncryptionNonce: Hashable, Sendable {
    /// Bytes of a nonce.
    package static let byteCount = 24

    /// The bytes, 24 of them, the least significant first.
    package private(set) var bytes: [UInt8]

    /// All bytes zero.
    package init() { bytes = [UInt8](repeating: 0, count: Self.byteCount) }

    /// Parses exactly 24 bytes; nil for any other count.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// A new random nonce.
    package static func random(using source: RandomSource) -> EncryptionNonce {
        var nonce = EncryptionNonce()
        nonce.bytes = source.bytes(count: byteCount)
        return nonce
    }

    /// The nonce at which the content of a segment starts.
    ///
    /// The number is one higher than the index, for zero is the nonce of metadata.
    /// - Source: protocol document 1 §6.4.
    package init(segment position: SegmentPosition) {
        self.init()
        increment(by: UInt64(position.part) << 32)
        increment(by: UInt64(position.index) + 1)
    }

    /// Adds to the number, dropping what overflows.
    ///
    /// - Parameter size: how many bytes, from the first, hold the number.
    package mutating func increment(by amount: UInt64, size: Int = byteCount) {
        var rest = amount
        for index in 0..<min(size, Self.byteCount) {
            if rest == 0 { return }
            let (sum, carry) = bytes[index].addingReportingOverflow(UInt8(truncatingIfNeeded: rest))
            bytes[index] = sum
            // Cannot overflow: a shifted number leaves room for the carry.
            rest = (rest >> 8) + (carry ? 1 : 0)
        }
    }

    /// The nonce `amount` further on.
    package func incremented(by amount: UInt64, size: Int = byteCount) -> EncryptionNonce {
        var nonce = self
        nonce.increment(by: amount, size: size)
        return nonce
    }
}
