package import Chores
package import DRPC
package import Database
package import Encryption
package import Ethereum
package import Identity
package import Ledger
package import Logging
package import StorageModel

/// What a customer without a satellite is given by the program or test that runs it.
package struct DirectParts: Sendable {
    /// Signs order limits, where a satellite would.
    package var identity: NodeIdentity
    /// Pays.
    package var wallet: PrivateKey
    /// Signs vouchers and receipts.
    package var signer: PrivateKey
    /// Encrypts the keys of segments.
    package var contentKey: EncryptionKey
    /// Where it is kept what is stored with whom: without it nothing is found again.
    package var database: Database
    /// Where the money is.
    package var ledger: any SettlementBackend
    /// What STORJ costs; nil deals only with farmers that ask STORJ.
    package var quotes: (any QuoteSource)?
    /// How nodes are reached; it speaks as `identity`.
    package var dialer: any RPCDialer
    /// The clock.
    package var clock: WallClock
    /// How to wait.
    package var sleeper: Sleeper
    /// The randomness.
    package var random: RandomSource
    /// The log.
    package var logger: Logger

    /// All parts.
    package init(
        identity: NodeIdentity, wallet: PrivateKey, signer: PrivateKey, contentKey: EncryptionKey, database: Database,
        ledger: any SettlementBackend, quotes: (any QuoteSource)?, dialer: any RPCDialer, clock: WallClock,
        sleeper: Sleeper, random: RandomSource, logger: Logger
    ) {
        self.identity = identity
        self.wallet = wallet
        self.signer = signer
        self.contentKey = contentKey
        self.database = database
        self.ledger = ledger
        self.quotes = quotes
        self.dialer = dialer
        self.clock = clock
        self.sleeper = sleeper
        self.random = random
        self.logger = logger
    }
}
