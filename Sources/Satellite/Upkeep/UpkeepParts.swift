package import Chores
package import DRPC
package import Database
package import Identity
package import Logging
package import Metabase
package import Orders
package import Overlay
package import StorageModel

/// What the chores over segments are built from.
package struct UpkeepParts: Sendable {
    /// Where queues are kept.
    package let database: Database
    /// Objects and segments.
    package let metabase: Metabase
    /// Nodes.
    package let overlay: Overlay
    /// Makes the limits of audits and repairs.
    package let issuer: OrderLimitIssuer
    /// The satellite, as nodes meet it.
    package let identity: NodeIdentity
    /// Reaches nodes.
    package let dialer: any RPCDialer
    package let clock: WallClock
    package let sleeper: Sleeper
    package let random: RandomSource
    package let logger: Logger

    /// The parts.
    package init(
        database: Database, metabase: Metabase, overlay: Overlay, issuer: OrderLimitIssuer, identity: NodeIdentity,
        dialer: any RPCDialer, clock: WallClock, sleeper: Sleeper, random: RandomSource, logger: Logger
    ) {
        self.database = database
        self.metabase = metabase
        self.overlay = overlay
        self.issuer = issuer
        self.identity = identity
        self.dialer = dialer
        self.clock = clock
        self.sleeper = sleeper
        self.random = random
        self.logger = logger
    }
}
