import StorageModel

extension Bytes32 {
    /// `0x` and sixty-four hexadecimal digits: how people name channels and agreements.
    var text: String { "0x" + Hexadecimal.encode(bytes) }
}
