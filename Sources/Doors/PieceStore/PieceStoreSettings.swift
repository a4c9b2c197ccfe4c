/// The numbers a piece store works with.
package struct PieceStoreSettings: Hashable, Sendable {
    /// Bytes gathered in memory before they are written, a multiple of 64 KiB; pieces up to this size share logs.
    package var stagingSize = 256 << 10
    /// Bytes after which a log takes no further piece; at most 128 GiB.
    package var maximumLogSize: Int64 = 1 << 30
    /// The largest piece in bytes; at most 1 GiB, which the trailer's length field allows.
    package var maximumPieceSize: Int64 = 1 << 30
    /// How long a piece stays in the trash.
    package var trashLifetime: Duration = .seconds(7 * 86400)
    /// How long an expired piece is kept beyond its expiration.
    package var expirationGrace: Duration = .seconds(3600)
    /// A log with a smaller share of live bytes is rewritten.
    package var compactionLiveFraction = 0.25
    /// Bytes of live pieces one round of maintenance rewrites at most, for each satellite.
    package var compactionBudget: Int64 = 4 << 30
    /// Log files kept open for reading, for each satellite.
    package var openLogs = 64
    /// Bytes of small pieces that one synchronisation of the disk covers at most.
    package var maximumBatchSize = 8 << 20

    /// The defaults.
    package init() {}
}
