/// What the room lets an operator choose.
package struct AccountingSettings: Sendable, Hashable {
    /// The pause between two writes of buffered bandwidth.
    package var flushInterval: Duration = .seconds(60)
    /// Buffered rows that make a write happen at once.
    package var flushCount = 1000
    /// The pause between two tallies of what projects store.
    package var tallyInterval: Duration = .seconds(2 * 3600)
    /// The longest time that one tally is booked for: after more than that, or when the clock was turned back, only the
    /// moment is noted, and customers are not charged for the time between.
    package var maximumTallyInterval: Duration = .seconds(24 * 3600)
    /// The pause between two daily sums.
    package var rollupInterval: Duration = .seconds(6 * 3600)
    /// Days whose limits may still be settled: until then what was allocated counts as used.
    package var unsettledDays = 2
    /// Cents a TB of egress.
    package var egressPrice: Int64 = 2000
    /// Cents a TB of repair egress.
    package var repairPrice: Int64 = 1000
    /// Cents a TB and month at rest.
    package var diskPrice: Int64 = 150
    /// Cents a TB of audit egress.
    package var auditPrice: Int64 = 1000

    /// The defaults.
    package init() {}
}
