package import StorageModel

/// Which ledger a program uses.
package enum LedgerSettings: Sendable, Hashable {
    /// One of its own, kept in a folder.
    case embedded(folder: String)
    /// One that another program keeps.
    case remote(NodeURL)
}
