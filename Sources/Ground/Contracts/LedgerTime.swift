package import StorageModel

/// What an operation may know of the ledger around it.
package struct LedgerTime: Hashable, Sendable {
    /// Seconds since 1970.
    package var seconds: UInt64
    /// Blocks, or entries of the embedded ledger, before this one.
    package var height: UInt64
    /// The hashes of the newest blocks, by height; a beacon is drawn from one of them.
    package var hashes: [UInt64: Bytes32]

    /// Blocks whose hashes a contract can see.
    package static let visibleHashes: UInt64 = 256

    /// A moment.
    package init(seconds: UInt64, height: UInt64, hashes: [UInt64: Bytes32] = [:]) {
        self.seconds = seconds
        self.height = height
        self.hashes = hashes
    }
}
