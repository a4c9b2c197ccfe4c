package import StorageModel

/// An operation somebody submitted: on a chain the hash of its first transaction, on our own ledger of what was signed.
package struct OperationID: FixedBytesID {
    package let storage: Bytes32

    package init(storage: Bytes32) { self.storage = storage }

    /// `0x` and sixty-four hexadecimal digits.
    package var description: String { "0x" + Hexadecimal.encode(bytes) }
}
