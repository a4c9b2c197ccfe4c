package import StorageModel

/// Bytes to and from memory without an array in between: a set has two hashes for each of a million pieces.
extension Bytes32 {
    /// The 32 bytes at the start of `bytes`, which has at least so many.
    package init(loading bytes: UnsafeRawBufferPointer) {
        self.init()
        // Four stored words lie in memory in their order.
        withUnsafeMutableBytes(of: &self) { words in
            for offset in stride(from: 0, to: Self.byteCount, by: 8) {
                let word = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                words.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
            }
        }
    }

    /// Writes the 32 bytes to `buffer` from `start` on.
    package func store(in buffer: UnsafeMutableRawBufferPointer, at start: Int) {
        withUnsafeBytes(of: self) { words in
            for offset in stride(from: 0, to: Self.byteCount, by: 8) {
                let word = words.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                buffer.storeBytes(of: word.bigEndian, toByteOffset: start + offset, as: UInt64.self)
            }
        }
    }
}
