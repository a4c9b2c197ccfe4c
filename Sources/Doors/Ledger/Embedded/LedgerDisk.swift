/// The disk as a ledger sees it: the machine's own, or one with faults for tests. Every call blocks.
package protocol LedgerDisk: Sendable {
    /// Opens a file for this process alone and makes it when there is none.
    ///
    /// - Throws: `LedgerError.file`, also when another process has it.
    func open(_ path: String) throws(LedgerError) -> any LedgerFile
    /// Opens an existing file for reading, whoever else has it.
    ///
    /// - Throws: `LedgerError.file`.
    func openForReading(_ path: String) throws(LedgerError) -> any LedgerFile
    /// Makes a folder and those above it; an existing one is fine.
    ///
    /// - Throws: `LedgerError.file`.
    func createFolder(_ path: String) throws(LedgerError)
    /// Makes new files of a folder durable.
    ///
    /// - Throws: `LedgerError.file`.
    func synchronizeFolder(_ path: String) throws(LedgerError)
}

/// An open file; it closes itself when it is let go. Every function throws `LedgerError.file`.
package protocol LedgerFile: AnyObject, Sendable {
    /// The size in bytes.
    func size() throws(LedgerError) -> UInt64
    /// Up to `count` bytes from `offset`; fewer only at the end.
    func read(at offset: UInt64, count: Int) throws(LedgerError) -> [UInt8]
    /// Writes all bytes at `offset`.
    func write(_ bytes: [UInt8], at offset: UInt64) throws(LedgerError)
    /// Cuts the file.
    func truncate(to size: UInt64) throws(LedgerError)
    /// Returns when the bytes and the size are on the disk.
    func synchronize() throws(LedgerError)
}
