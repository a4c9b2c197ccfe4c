/// How a ledger of our own is kept.
package struct EmbeddedLedgerSettings: Sendable, Hashable {
    /// Seconds a block stays open once something is in it; nil: until somebody calls `closeBlock`.
    package var blockSeconds: UInt64? = 10
    /// Seconds after which an empty block is closed too, so that the operator's name is never older: a day.
    package var idleBlockSeconds: UInt64 = 86400
    /// Secrets of a chain for beacons, made anew when it is used up; 1…2²⁰.
    package var secretCount: UInt32 = 4096

    /// The defaults.
    package init() {}
}
