import StorageModel

extension Bytes32 {
    /// The 32 bytes at the start of `bytes`.
    init(loading bytes: UnsafeRawBufferPointer) {
        self.init(
            words: (0..<4).map { UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) })
    }
}
