package import Contracts
package import StorageModel
package import StorageNode

/// Everything of a node that pages and alerts are made from, as it is at one moment.
package struct NodeSnapshot: Sendable {
    /// When it was taken.
    package var takenAt: Timestamp
    /// The node at a glance.
    package var status: NodeStatus
    /// Satellites' last words on the node.
    package var reputations: [NodeID: ReputationRow]
    /// The days and hours the node ran, the oldest first: 60 days, 48 hours.
    package var days: [UptimeRow]
    package var hours: [UptimeRow]
    /// Money; nil for a node that is not paid.
    package var money: Money?

    /// The money of a snapshot; asks no ledger.
    package struct Money: Sendable {
        /// How payers stand, what statements add up to; `claimed` as the ledger was last seen.
        package var earnings: Earnings
        /// The channels with their vouchers.
        package var channels: [KnownChannel]
        /// The sheet that holds, and the newest one.
        package var sheet: SignedPriceSheet?
        package var newestSheet: SignedPriceSheet?
        /// When the ledger was last seen.
        package var ledgerSeenAt: Timestamp?
        /// How long the node works without seeing the ledger.
        package var exposure: Duration
    }

    /// Looks at a node.
    ///
    /// - Throws: `DatabaseError`.
    package static func take(of node: StorageNode, at now: Timestamp) async throws -> NodeSnapshot {
        let day = HistorySpan.day.start(of: now)
        var money: Money?
        if let farmer = node.farmer {
            money = Money(
                earnings: try await farmer.earnings(asksLedger: false), channels: try await farmer.book.channels(),
                sheet: farmer.sheet(at: farmer.seconds), newestSheet: farmer.sheet,
                ledgerSeenAt: try await farmer.book.viewedAt(), exposure: farmer.settings.exposure)
        }
        return NodeSnapshot(
            takenAt: now, status: await node.status(), reputations: try await node.history.latestReputations(),
            days: try await node.history.uptime(.day, from: day - 59 * 86400),
            hours: try await node.history.uptime(.hour, from: HistorySpan.hour.start(of: now) - 47 * 3600), money: money)
    }
}
