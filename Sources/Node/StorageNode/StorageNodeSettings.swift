package import DRPC
package import StorageModel

/// What a farmer may choose about a storage node.
package struct StorageNodeSettings: Sendable {
    /// Where clients and satellites connect.
    package var server = RPCServerSettings()
    /// How the node dials satellites.
    package var dialer = RPCDialerSettings()
    /// The address satellites hand out, `host:port`; empty for the address the node listens on.
    package var externalAddress = ""
    /// The satellites whose customers may store here.
    package var satellites: [NodeURL] = []
    /// Space for pieces, trash and their logs, in bytes.
    package var allocatedSpace: Int64 = 1_000_000_000_000
    /// The node refuses to start with less allocated space than this, in bytes.
    package var minimumAllocatedSpace: Int64 = 500_000_000_000
    /// Below this much free space, in bytes, satellites are told at once, because they skip such nodes.
    package var lowSpace: Int64 = 5_000_000_000
    /// The Ethereum address that is paid.
    package var wallet = ""
    /// Where satellites write to when something is wrong.
    package var email = ""
    /// The version satellites are told, a semantic version with a leading "v".
    package var version = "v1.150.0"

    /// The pause between two check-ins.
    package var checkInInterval = Duration.seconds(3600)
    /// The first pause after a failed check-in; doubled each time up to the interval.
    package var checkInRetryPause = Duration.seconds(1)
    /// The least pause between two check-ins that low space causes.
    package var lowSpaceNoticePause = Duration.seconds(600)
    /// The pause between two settlements of orders.
    package var settlementInterval = Duration.seconds(3600)
    /// How long after its hour an order may still be used, so that its window is not complete before.
    package var orderLimitGrace = Duration.seconds(3600)
    /// How long after its expiration a limit is still accepted, for clocks that differ.
    package var expirationGrace = Duration.seconds(48 * 3600)
    /// How long settled orders are kept.
    package var orderArchiveLifetime = Duration.seconds(7 * 86400)

    /// Uploads at the same time; 0 is unlimited.
    package var maximumUploads = 0
    /// The pause between two looks whether the folder can be read.
    package var readCheckInterval = Duration.seconds(60)
    /// The pause between two looks whether the folder can be written.
    package var writeCheckInterval = Duration.seconds(300)
    /// The pause between two rounds of piece upkeep: expiry, trash, compaction.
    package var upkeepInterval = Duration.seconds(3600)
    /// Pieces younger than this at a garbage filter's creation are kept whatever it says: uploads take time, clocks differ.
    package var garbageMinimumAge = Duration.seconds(72 * 3600)
    /// How long a piece stays in the trash.
    package var trashLifetime = Duration.seconds(7 * 86400)
    /// Threads for disk work.
    package var diskThreads = 4

    /// Bytes a second that the scrub reads; 0 reads nothing until somebody asks for it.
    package var scrubRate: Int64 = 4 << 20
    /// From the start of one scrub of everything to the start of the next.
    package var scrubInterval = Duration.seconds(30 * 86400)
    /// How long bad pieces wait for others before their satellites are told.
    package var lostPieceInterval = Duration.seconds(5)
    /// The pause between two questions how an exit is.
    package var exitInterval = Duration.seconds(86400)
    /// Challenges of heartbeats that are answered at the same time, over all satellites.
    package var maximumChallenges = 2

    /// How the node is paid; read only when it has a wallet.
    package var farming = FarmingSettings()
    /// What the farmer allows customers that come without a satellite.
    package var customers = CustomerSettings()

    /// The defaults.
    package init() {}
}
