package import Accounting
package import Accounts
package import AdminAPI
package import Billing
package import Chores
package import Logging
package import Market
package import Metabase
package import Overlay
package import StorageModel
package import Upkeep

/// The rooms of a satellite that its pages show, and what they need besides.
package struct ConsoleParts: Sendable {
    package var accounts: Accounts
    package var metabase: Metabase
    package var overlay: Overlay
    package var accounting: Accounting
    package var upkeep: Upkeep
    package var market: Market
    package var billing: Billing
    package var admin: AdminAPI
    package var chores: [Cycle]
    /// The satellite as grants name it, `id@host:port`.
    package var satellite: String
    package var clock: WallClock
    package var sleeper: Sleeper
    package var random: RandomSource
    package var logger: Logger

    package init(
        accounts: Accounts, metabase: Metabase, overlay: Overlay, accounting: Accounting, upkeep: Upkeep,
        market: Market, billing: Billing, admin: AdminAPI, chores: [Cycle], satellite: String, clock: WallClock,
        sleeper: Sleeper = .system, random: RandomSource, logger: Logger
    ) {
        self.accounts = accounts
        self.metabase = metabase
        self.overlay = overlay
        self.accounting = accounting
        self.upkeep = upkeep
        self.market = market
        self.billing = billing
        self.admin = admin
        self.chores = chores
        self.satellite = satellite
        self.clock = clock
        self.sleeper = sleeper
        self.random = random
        self.logger = logger
    }
}
