package import Chores
package import DRPC
package import Identity
package import Logging
package import StorageModel

/// What a storage node is given by the program or test that runs it.
package struct StorageNodeParts: Sendable {
    /// Who it is.
    package var identity: NodeIdentity
    /// Where it keeps pieces and orders.
    package var folder: String
    /// How it reaches satellites.
    package var dialer: any RPCDialer
    /// The threads its server uses.
    package var eventLoops: RPCEventLoops
    /// Its clock.
    package var clock: WallClock
    /// How its chores wait.
    package var sleeper: Sleeper
    /// Its randomness.
    package var random: RandomSource
    /// Its log.
    package var logger: Logger
    /// What it is paid with; nil for a node that is not paid.
    package var farming: FarmingParts?

    /// All parts.
    package init(
        identity: NodeIdentity, folder: String, dialer: any RPCDialer, eventLoops: RPCEventLoops, clock: WallClock,
        sleeper: Sleeper, random: RandomSource, logger: Logger, farming: FarmingParts? = nil
    ) {
        self.identity = identity
        self.folder = folder
        self.dialer = dialer
        self.eventLoops = eventLoops
        self.clock = clock
        self.sleeper = sleeper
        self.random = random
        self.logger = logger
        self.farming = farming
    }
}
