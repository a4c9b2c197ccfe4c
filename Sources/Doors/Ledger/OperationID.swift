package import StorageModel

/// Names an operation for the one who submits it, before and after it is in the ledger.
package struct OperationID: FixedBytesID {
    package let storage: Bytes32

    package init(storage: Bytes32) { self.storage = storage }

    /// `0x` and sixty-four hexadecimal digits.
    package var description: String { "0x" + Hexadecimal.encode(bytes) }
}
