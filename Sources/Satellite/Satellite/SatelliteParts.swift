package import Chores
package import DRPC
package import Database
package import Identity
package import Logging
package import StorageModel

/// What a satellite is given by the program or test that runs it.
package struct SatelliteParts: Sendable {
    /// Who it is.
    package var identity: NodeIdentity
    /// The keys for what only it reads.
    package var secrets: SatelliteSecrets
    /// Everything it knows.
    package var database: Database
    /// Where it keeps files beside the database.
    package var folder: String
    /// How it reaches nodes.
    package var dialer: any RPCDialer
    /// How it reaches nodes as somebody they do not know; nil shows them its identity always.
    package var disguise: (any RPCDialer)?
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
    /// What it pays with; nil for a satellite on which nobody is paid.
    package var money: SatelliteMoney?

    /// All parts.
    package init(
        identity: NodeIdentity, secrets: SatelliteSecrets, database: Database, folder: String,
        dialer: any RPCDialer, eventLoops: RPCEventLoops, clock: WallClock, sleeper: Sleeper, random: RandomSource,
        logger: Logger
    ) {
        self.identity = identity
        self.secrets = secrets
        self.database = database
        self.folder = folder
        self.dialer = dialer
        self.eventLoops = eventLoops
        self.clock = clock
        self.sleeper = sleeper
        self.random = random
        self.logger = logger
    }
}
